# SPDX-License-Identifier: GPL-3.0-or-later
"""Meters: a program in a pty, keys sent one by one, bytes and bursts and time until the screen is quiet; the memory of a
process tree; a proxy that counts what goes over the wire and how often its direction turns."""

import fcntl
import os
import pty
import select
import signal
import socket
import statistics
import struct
import subprocess
import termios
import threading
import time
from pathlib import Path

QUIET_S = 0.12
GAP_S = 0.004  # output after such a pause is another burst: another packet over SSH


class Pty:
    """A program on a terminal of 80 by 24."""

    def __init__(self, argv, env, rows=24, cols=80):
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(argv[0], [str(a) for a in argv], {**env, "TERM": "xterm-256color"})
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def rest(self, since=None, quiet=QUIET_S, limit=60.0):
        """Reads until nothing comes for `quiet`: (bytes, bursts, seconds from `since` to the last byte)."""
        since = self.start if since is None else since
        last, size, bursts = since, 0, 0
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            ready, _, _ = select.select([self.fd], [], [], quiet if size else 2.0)
            now = time.perf_counter()
            if not ready:
                break
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                break
            if not data:
                break
            if size == 0 or now - last > GAP_S:
                bursts += 1
            size += len(data)
            last = now
        return size, bursts, last - since

    def key(self, text):
        since = time.perf_counter()
        os.write(self.fd, text.encode() if isinstance(text, str) else text)
        return self.rest(since)

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def tree(pid):
    """The process and everything below it."""
    out = [pid]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                out += tree(int(path.parent.name))
        except (OSError, ValueError):
            continue
    return out


def pss_mib(pid):
    total = 0
    for one in tree(pid):
        try:
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024


def cpu_ms(pid):
    return sum(int(x) for x in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]) * 1000 / os.sysconf("SC_CLK_TCK")


def switches(pid):
    """How often the process woke up and went to sleep again."""
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        total += sum(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("voluntary_ctxt"))
    return total


def screen(argv, env, keys, starts=7, presses=40):
    """Medians: start (ms), bytes of the first screen, PSS (MiB), and for each named key (bytes, bursts, ms).

    keys: {name: (what to press before, the key, how to get back)}; the first and the last may be empty."""
    started, first, memory = [], [], []
    for _ in range(starts):
        p = Pty(argv, env)
        size, _, seconds = p.rest(quiet=0.5)  # some show a first page early and go on reading
        started.append(seconds * 1000)
        first.append(size)
        memory.append(pss_mib(p.pid))
        p.close()
    out = {"start": statistics.median(started), "first": statistics.median(first), "pss": statistics.median(memory)}
    p = Pty(argv, env)
    p.rest(quiet=0.5)
    for name, (before, key, after) in keys.items():
        rows, back = [], []
        if before:
            p.key(before)
        for _ in range(presses):
            rows.append(p.key(key))
            if after:
                back.append(p.key(after))
        out[name] = tuple(statistics.mean(r[i] for r in rows) for i in (0, 1)) + (statistics.median(r[2] for r in rows) * 1000,)
        if back:
            out[name + " back"] = tuple(statistics.mean(r[i] for r in back) for i in (0, 1)) + (statistics.median(r[2] for r in back) * 1000,)
    p.close()
    return out


def times(argv, env, n=15, stdin=None):
    """Median wall time of a command in ms; it has to succeed (0, or 75: safely queued)."""
    took = []
    for _ in range(n):
        start = time.perf_counter()
        done = subprocess.run([str(a) for a in argv], env=env, input=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=300)
        took.append((time.perf_counter() - start) * 1000)
        assert done.returncode in (0, 75), (argv, done)
    return statistics.median(took)


class Wire:
    """A TCP relay to 127.0.0.1:port that counts payload each way, connections, and turns: once up and once down again is a
    round trip. Encrypted or not makes no difference to it."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.reset()
        threading.Thread(target=self.accept, daemon=True).start()

    def reset(self):
        self.up = self.down = self.connections = self.turns = 0

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self.target))
            for s in (near, far):
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.relay, args=(near, far), daemon=True).start()

    def relay(self, near, far):
        asking = False
        try:
            while True:
                ready, _, _ = select.select([near, far], [], [])
                for s in ready:
                    data = s.recv(65536)
                    if not data:
                        return
                    if s is near:
                        self.up += len(data)
                        asking = True
                        far.sendall(data)
                    else:
                        self.down += len(data)
                        self.turns += asking
                        asking = False
                        near.sendall(data)
        except OSError:
            return
        finally:
            near.close()
            far.close()

    @property
    def round_trips(self):
        return self.connections + self.turns

    def close(self):
        self.listener.close()
