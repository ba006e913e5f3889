# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract spoken by hand: a client of congvud that shares no line with congvu. Standard library only."""

import http.client
import json
import secrets
import socket
import time
import uuid
from dataclasses import dataclass


def uuid7() -> str:
    value = (int(time.time() * 1000) << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    return str(uuid.UUID(int=value))


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        assert "json" in self.headers.get("content-type", ""), (self.status, self.headers, self.body[:300])
        return json.loads(self.body)

    @property
    def code(self):
        return self.json.get("code")


class Http:
    """One kept-alive connection."""

    def __init__(self, port: int, timeout=30.0):
        self.port = port
        self.timeout = timeout
        self.conn = None

    def request(self, method, path, body=None, headers=None) -> Reply:
        if isinstance(body, (dict, list)):
            body = json.dumps(body, ensure_ascii=False)
        if isinstance(body, str):
            body = body.encode()
        head = dict(headers or {})
        if body is not None:
            head.setdefault("Content-Type", "application/json")
        for attempt in (1, 2):
            fresh = self.conn is None
            if fresh:
                self.conn = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
                self.conn.connect()
                self.conn.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self.conn.request(method, path, body=body, headers=head)
                r = self.conn.getresponse()
                data = r.read()
                break
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.close()
                if fresh or attempt == 2:
                    raise  # only a connection kept from before may die silently
        reply = Reply(r.status, {k.lower(): v for k, v in r.getheaders()}, data)
        if r.will_close:
            self.close()
        return reply

    def close(self):
        if self.conn:
            self.conn.close()
        self.conn = None


class Wire:
    """One device of one user: tokens, cursor, mids."""

    def __init__(self, port: int, user: str, password: str | None = None, tokens: dict | None = None, timeout=60.0):
        self.http = Http(port, timeout)
        self.user = user
        self.access = self.refresh = self.device = self.epoch = self.cursor = self.session = ""
        self.mid = 0
        self.ack = 0
        self.session_body = None
        self.store: dict = {}  # (kind, id) -> body, what the feed has given
        self.stale: set = set()
        if tokens:
            self.take(tokens)
        elif password is not None:
            r = self.http.request("POST", "/v1/login", {"user": user, "password": password, "device_name": "test"})
            assert r.status == 200, (r.status, r.body)
            self.take(r.json)

    def take(self, t: dict):
        self.access, self.refresh = t["access_token"], t["refresh_token"]
        self.session_body = t["session"]
        self.device = t["session"]["device"]
        self.mid = max(self.mid, t["session"].get("last_mid") or 0)

    def fork(self) -> "Wire":
        r = self.http.request("POST", "/v1/token", {"refresh_token": self.refresh, "fork": True})
        assert r.status == 200, (r.status, r.body)
        w = Wire(self.http.port, self.user, tokens=r.json, timeout=self.http.timeout)
        return w

    def call(self, method, path, body=None, headers=None) -> Reply:
        head = {"Authorization": f"Bearer {self.access}"}
        head.update(headers or {})
        return self.http.request(method, path, body, head)

    def get(self, path, expect=200):
        r = self.call("GET", path)
        assert r.status == expect, (path, r.status, r.body[:400])
        return r.json

    def items(self, path) -> list:
        """A whole list, page by page."""
        out, token = [], None
        for _ in range(1000):
            url = path + (("&" if "?" in path else "?") + f"page={token}" if token else "")
            page = self.get(url)
            out += page["items"]
            token = page.get("next")
            if not token:
                return out
        raise AssertionError(f"{path}: the list never ends")

    # -- sync ----------------------------------------------------------------------------------------
    def element(self, op: str, oid: str, args: dict, base=None, at=None, mid=None, **extra) -> str:
        """The bytes of a push element, fixed from here on."""
        if mid is None:
            self.mid += 1
            mid = self.mid
        e = {"mid": mid, "op": op, "id": oid, "base": base, "at": at or now_text(), "args": args}
        e.update(extra)
        return json.dumps(e, ensure_ascii=False)

    def adhoc(self, text: str, **kw) -> str:
        return self.element("report.submit", uuid7(), {"date": today(), "slot": "adhoc", "done": text}, **kw)

    def envelope(self, push=(), **over) -> str:
        env = {"v": 1, "device": self.device, "epoch": self.epoch or None, "cursor": self.cursor or None}
        env.update({"session": self.session or None, "ack": self.ack, "max": 200, "want": []})
        env.update(over)
        env = {k: v for k, v in env.items() if v is not None}
        return json.dumps(env)[:-1] + ',"push":[' + ",".join(push) + "]}"

    def sync_raw(self, push=(), wait=None, headers=None, **over) -> Reply:
        head = dict(headers or {})
        if wait is not None:
            head["Prefer"] = f"wait={wait}"
        return self.call("POST", "/v1/sync", self.envelope(push, **over), head)

    def sync(self, push=(), wait=None, book=True, **over) -> dict:
        r = self.sync_raw(push, wait, **over)
        assert r.status == 200, (r.status, r.body[:600])
        answer = r.json
        if book:
            self.book(answer)
        return answer

    def book(self, answer: dict):
        if answer.get("reset"):
            self.stale = set(self.store)  # what the new generation does not mention goes after its last page
        for c in answer["changes"]:
            key = (c["kind"], c["id"])
            self.stale.discard(key)
            if c["op"] == "put":
                self.store[key] = c["body"]
            else:
                self.store.pop(key, None)
        for r in answer["results"]:
            if r["st"] != "retry":
                self.ack = max(self.ack, r["mid"])
        if not answer["more"]:
            for key in self.stale:
                self.store.pop(key, None)
            self.stale = set()
        self.epoch, self.cursor = answer["epoch"], answer["cursor"]
        self.session = answer.get("session", self.session)

    def pull(self, limit=10000, **over) -> list:
        """Everything there is; returns the answers."""
        out = []
        for _ in range(limit):
            a = self.sync(**over)
            out.append(a)
            if not a["more"]:
                return out
        raise AssertionError("the feed never ends")

    def kind(self, kind: str) -> dict:
        return {i: b for (k, i), b in self.store.items() if k == kind}


def now_text(offset=0.0) -> str:
    t = time.time() + offset + 7 * 3600
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t)) + "+07:00"


def today(offset_days=0) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600 + offset_days * 86400))


def raw(port: int, data: bytes, timeout=10.0, shutdown=False) -> bytes:
    """Sends bytes, returns what comes until the server closes, answers once completely, or time runs out."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as s:
        try:
            s.sendall(data)
            if shutdown:
                s.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # refused before all was said; the answer may be there all the same
        out = b""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                part = s.recv(65536)
            except (TimeoutError, ConnectionResetError):
                break
            if not part:
                break
            out += part
            head, sep, body = out.partition(b"\r\n\r\n")
            if sep:
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:") and len(body) >= int(line.split(b":")[1]):
                        return out
        return out


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0
