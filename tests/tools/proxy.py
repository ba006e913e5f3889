# SPDX-License-Identifier: GPL-3.0-or-later
"""A misbehaving HTTP/1.1 proxy between congvu and congvud, inside the test's process.

Every request is handed to the plan, a function (exchange) -> fault; None means: pass it on honestly. Faults:

  Lose()            forward, take the whole reply, then close without a byte: the effect is there, the news is not
  LoseRequest()     close before anything is forwarded
  Reset(after=0)    forward (or not: forward=False), then RST after that many bytes of the reply
  Cut(n)            forward, pass the first n bytes of the reply, close; n < 0 counts from the end
  Double()          send the same bytes twice upstream, on two connections; the second reply is passed on
  Delay(seconds)    hold the reply (waits on an event that close() sets, so no test hangs on it)
  Hold(event)       hold the *request* until the event: lets a later one overtake it
  Throttle(bps)     pass the reply at that rate
  Answer(bytes)     answer these bytes oneself; nothing is forwarded
  Rewrite(fn)       forward, pass on fn(reply bytes)

Ready-made plans: every_first (each path's or each request's first), first(n, fault), every(k, fault), seeded(seed, …).
The proxy counts connections, requests and bytes each way, and keeps the exchanges.
"""

import random
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Lose:
    pass


@dataclass
class LoseRequest:
    pass


@dataclass
class Reset:
    after: int = 0
    forward: bool = True


@dataclass
class Cut:
    n: int


@dataclass
class Double:
    pass


@dataclass
class Delay:
    seconds: float


@dataclass
class Hold:
    event: threading.Event


@dataclass
class Throttle:
    bps: int


@dataclass
class Answer:
    data: bytes


@dataclass
class Rewrite:
    fn: object


@dataclass
class Exchange:
    n: int  # counts from 1 over all requests
    connection: int
    method: str
    path: str
    request: bytes
    body: bytes
    status: int = 0
    reply: bytes = b""
    fault: object = None
    at: float = field(default_factory=time.monotonic)


class Gone(Exception):
    """The other side closed or broke the rules of HTTP."""


def _read_head(sock, buf: bytearray, limit=65536) -> int:
    """Reads until the blank line; returns the length of the head. Raises Gone."""
    while True:
        at = buf.find(b"\r\n\r\n")
        if at >= 0:
            return at + 4
        if len(buf) > limit:
            raise Gone("head too long")
        data = sock.recv(65536)
        if not data:
            raise Gone("closed in head" if buf else "closed")
        buf += data


def _headers(head: bytes) -> dict:
    out = {}
    for line in head.split(b"\r\n")[1:]:
        name, sep, value = line.partition(b":")
        if sep:
            out[name.strip().lower().decode("latin1")] = value.strip().decode("latin1")
    return out


def _need(sock, buf: bytearray, n: int):
    while len(buf) < n:
        data = sock.recv(65536)
        if not data:
            raise Gone("closed in body")
        buf += data


def _chunked_end(sock, buf: bytearray, at: int) -> int:
    while True:
        while (eol := buf.find(b"\r\n", at)) < 0:
            _need(sock, buf, len(buf) + 1)
        size = int(bytes(buf[at:eol]).split(b";")[0], 16)
        at = eol + 2
        if size == 0:
            while True:  # trailers
                while (eol := buf.find(b"\r\n", at)) < 0:
                    _need(sock, buf, len(buf) + 1)
                if eol == at:
                    return eol + 2
                at = eol + 2
        _need(sock, buf, at + size + 2)
        at += size + 2


def read_message(sock, buf: bytearray, method=None):
    """One whole HTTP message from sock (buf keeps what came too much). Returns (bytes, head, body bytes as on the wire).
    method: the request's, when a reply is read."""
    while True:
        n = _read_head(sock, buf)
        head = bytes(buf[:n])
        status = int(head.split(b" ", 2)[1]) if method else 0
        if 100 <= status < 200:
            del buf[:n]
            continue
        break
    headers = _headers(head)
    if method == "HEAD" or status in (204, 304):
        end = n
    elif "chunked" in headers.get("transfer-encoding", "").lower():
        end = _chunked_end(sock, buf, n)
    elif "content-length" in headers:
        end = n + int(headers["content-length"])
        _need(sock, buf, end)
    elif method:  # a reply without a length ends with the connection
        while data := sock.recv(65536):
            buf += data
        end = len(buf)
    else:
        end = n
    message = bytes(buf[:end])
    del buf[:end]
    return message, head, message[n:]


class Proxy:
    def __init__(self, upstream: int, plan=None, host="127.0.0.1"):
        self.upstream = upstream
        self.plan = plan
        self.exchanges: list[Exchange] = []
        self.connections = 0
        self.bytes_up = 0
        self.bytes_down = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.socks: set[socket.socket] = set()
        self.listener = socket.create_server((host, 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://{host}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    # -- control -------------------------------------------------------------------------------------
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        self.closing.set()
        self.listener.close()
        self.cut_all()

    def cut_all(self):
        """Every open connection breaks now, as when a laptop is closed."""
        with self.lock:
            socks = list(self.socks)
        for s in socks:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def reset_counts(self):
        with self.lock:
            self.exchanges = []
            self.connections = self.bytes_up = self.bytes_down = 0

    def requests(self, path="") -> list[Exchange]:
        with self.lock:
            return [e for e in self.exchanges if e.path.startswith(path)]

    # -- work ----------------------------------------------------------------------------------------
    def _accept(self):
        while not self.closing.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.connections += 1
                number = self.connections
                self.socks.add(client)
            threading.Thread(target=self._serve, args=(client, number), daemon=True).start()

    def _open(self):
        up = socket.create_connection(("127.0.0.1", self.upstream), timeout=60)
        up.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.socks.add(up)
        return up

    def _drop(self, sock):
        if sock is None:
            return
        with self.lock:
            self.socks.discard(sock)
        sock.close()

    def _serve(self, client, number):
        box = {"up": None}
        buf = bytearray()
        try:
            while not self.closing.is_set():
                message, head, body = read_message(client, buf)
                method, path = head.split(b" ", 2)[:2]
                with self.lock:
                    ex = Exchange(len(self.exchanges) + 1, number, method.decode(), path.decode(), message, body)
                    self.exchanges.append(ex)
                    self.bytes_up += len(message)
                ex.fault = self.plan(ex) if self.plan else None
                if not self._exchange(client, box, ex):
                    return
        except (Gone, OSError, ValueError):
            pass  # a broken connection is what this program is for; both ends are closed below
        finally:
            self._drop(client)
            self._drop(box["up"])

    def _forward(self, box, ex, client, fresh=False) -> bytes:
        if fresh or box["up"] is None:
            self._drop(box["up"])
            box["up"] = self._open()
        try:
            box["up"].sendall(ex.request)
            return self._await(box, ex, client)
        except (Gone, OSError):
            # The server closed an idle kept-alive connection between two requests: nothing of it was processed.
            if fresh or box.get("first", True):
                raise
            return self._forward(box, ex, client, fresh=True)
        finally:
            box["first"] = False

    def _await(self, box, ex, client) -> bytes:
        """The reply; gives up when the client goes away meanwhile, as a real proxy does (long polls)."""
        up = box["up"]
        while True:
            ready, _, _ = select.select([up, client], [], [], 1)
            if up in ready:
                break
            if client in ready and not client.recv(1, socket.MSG_PEEK):
                raise Gone("client left")
            if client in ready:
                select.select([up], [], [], 0.05)  # pipelined bytes: wait for the reply alone
            if self.closing.is_set():
                raise Gone("closing")
        reply, head, _ = read_message(up, bytearray(), ex.method)
        ex.reply = reply
        ex.status = int(head.split(b" ", 2)[1])
        return reply

    def _send(self, client, data: bytes):
        client.sendall(data)
        with self.lock:
            self.bytes_down += len(data)

    def _exchange(self, client, box, ex) -> bool:
        """Carries one request through its fault. False: the connection is to be closed."""
        fault = ex.fault
        if isinstance(fault, LoseRequest):
            return False
        if isinstance(fault, Answer):
            self._send(client, fault.data)
            return b"connection: close" not in fault.data.lower()
        if isinstance(fault, Reset) and not fault.forward:
            self._rst(client)
            return False
        if isinstance(fault, Hold):
            fault.event.wait(60)
        if isinstance(fault, Double):
            first = {"up": None}
            self._forward(first, ex, client)
            self._drop(first["up"])
        reply = self._forward(box, ex, client)
        return self._reply(client, ex, reply)

    def _reply(self, client, ex, reply) -> bool:
        fault = ex.fault
        if isinstance(fault, Lose):
            return False
        if isinstance(fault, Cut):
            self._send(client, reply[: fault.n])
            return False
        if isinstance(fault, Reset):
            self._send(client, reply[: fault.after])
            self._rst(client)
            return False
        if isinstance(fault, Delay):
            self.closing.wait(fault.seconds)
        if isinstance(fault, Rewrite):
            reply = fault.fn(reply)
        if isinstance(fault, Throttle):
            step = max(1, fault.bps // 20)
            for at in range(0, len(reply), step):
                self._send(client, reply[at : at + step])
                if self.closing.wait(step / fault.bps):
                    return False
        else:
            self._send(client, reply)
        return b"connection: close" not in reply.split(b"\r\n\r\n")[0].lower()

    @staticmethod
    def _rst(sock):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


# -- plans ---------------------------------------------------------------------------------------------
def first(n: int, fault, path="/v1/sync"):
    """The first n requests of that path meet the fault."""
    left = [n]
    lock = threading.Lock()

    def plan(ex):
        if not ex.path.startswith(path):
            return None
        with lock:
            if left[0] <= 0:
                return None
            left[0] -= 1
        return fault

    return plan


def every(k: int, fault, path="/v1/sync"):
    """Every k-th request of that path, beginning with the first, meets the fault."""
    count = [0]
    lock = threading.Lock()

    def plan(ex):
        if not ex.path.startswith(path):
            return None
        with lock:
            count[0] += 1
            return fault if (count[0] - 1) % k == 0 else None

    return plan


def lose_every_reply_once(path="/v1/sync"):
    """The reply to each different request body is lost the first time these bytes pass."""
    seen = set()
    lock = threading.Lock()

    def plan(ex):
        if not ex.path.startswith(path):
            return None
        with lock:
            if ex.body in seen:
                return None
            seen.add(ex.body)
        return Lose()

    return plan


def seeded(seed: int, path="/v1/", share=0.5):
    """A random mix of faults; the same seed gives the same faults for the same order of requests."""
    rng = random.Random(seed)
    lock = threading.Lock()

    def plan(ex):
        with lock:
            if not ex.path.startswith(path) or rng.random() >= share:
                return None
            return rng.choice(
                [Lose(), LoseRequest(), Reset(rng.randrange(200)), Cut(rng.randrange(1, 400)), Cut(-1), Double(), Delay(rng.random() * 0.2)]
            )

    return plan


def http_reply(status: int, body: bytes, content_type="application/json", extra=""):
    return (
        f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{extra}Connection: close\r\n\r\n"
    ).encode() + body
