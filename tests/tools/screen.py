# SPDX-License-Identifier: GPL-3.0-or-later
"""congvu in a pty of a given size, seen as a person sees it: a grid of characters."""

import re
import select
import time

import pexpect
import pyte

from office import program


class Terminal(pyte.Screen):
    """pyte with what every terminal in use knows beside it: scrolling a region (SU, SD), which curses sends for lists."""

    def _region(self):
        return (self.margins.top, self.margins.bottom) if self.margins else (0, self.lines - 1)

    def scroll_up(self, count=None):
        top, bottom = self._region()
        for _ in range(count or 1):
            for y in range(top, bottom):
                self.buffer[y] = self.buffer[y + 1]
            self.buffer.pop(bottom, None)
        self.dirty.update(range(top, bottom + 1))

    def scroll_down(self, count=None):
        top, bottom = self._region()
        for _ in range(count or 1):
            for y in range(bottom, top, -1):
                self.buffer[y] = self.buffer[y - 1]
            self.buffer.pop(top, None)
        self.dirty.update(range(top, bottom + 1))


pyte.Stream.csi.update({"S": "scroll_up", "T": "scroll_down"})


class Screen:
    def __init__(self, client, *args, rows=24, cols=80, env=None, command=None, term="xterm-256color"):
        self.rows, self.cols = rows, cols
        self.vt = Terminal(cols, rows)
        self.stream = pyte.ByteStream(self.vt)
        self.bytes = 0
        self.raw = bytearray()
        full = client.env({"TERM": term}, env or {})
        argv = command or [program("congvu"), *args]
        self.child = pexpect.spawn(argv[0], argv[1:], env=full, dimensions=(rows, cols), timeout=None, cwd=str(client.home))
        self.child.delaybeforesend = None

    # -- reading -------------------------------------------------------------------------------------
    def pump(self, seconds=0.0) -> bool:
        """Takes what the program has written; True if anything came."""
        ready, _, _ = select.select([self.child.child_fd], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            data = self.child.read_nonblocking(65536, 0)
        except (pexpect.EOF, pexpect.TIMEOUT):
            return False
        self.bytes += len(data)
        self.raw += data
        self.stream.feed(data)
        return True

    @property
    def lines(self) -> list:
        return [line.rstrip() for line in self.vt.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def cursor(self):
        return self.vt.cursor.y, self.vt.cursor.x

    def line_with(self, text: str) -> str:
        return next((line for line in self.lines if text in line), "")

    def wait_for(self, what, deadline=5.0):
        """what: a text, a compiled pattern, or a function of the screen. Returns its value."""
        end = time.monotonic() + deadline
        while True:
            if callable(what):
                value = what(self)
            elif isinstance(what, re.Pattern):
                value = what.search(self.text)
            else:
                value = what in self.text
            if value:
                return value
            left = end - time.monotonic()
            assert left > 0, f"not within {deadline} s: {what!r}; the screen is\n{self.text}"
            if not self.pump(min(left, 0.05)) and not self.child.isalive():
                self.pump()
                assert what in self.text if isinstance(what, str) else False, f"the program ended ({self.child.exitstatus}, {self.child.signalstatus}) while waiting for {what!r}\n{self.text}"
                return True

    def wait_gone(self, text: str, deadline=5.0):
        return self.wait_for(lambda s: text not in s.text, deadline)

    def settle(self, quiet=0.15, deadline=5.0):
        """Until nothing has come for `quiet` seconds (for measuring, not for knowing that something happened)."""
        end = time.monotonic() + deadline
        while self.pump(quiet):
            assert time.monotonic() < end, "the screen never rests"

    # -- acting --------------------------------------------------------------------------------------
    def type(self, text):
        self.child.send(text if isinstance(text, bytes) else text.encode())
        return self

    def resize(self, rows, cols):
        self.rows, self.cols = rows, cols
        self.vt.resize(rows, cols)
        self.child.setwinsize(rows, cols)

    def end(self, deadline=5.0) -> int:
        """The exit status, when the program ends."""
        stop = time.monotonic() + deadline
        while self.child.isalive():
            assert time.monotonic() < stop, f"the program does not end\n{self.text}"
            self.pump(0.05)
        self.child.wait() if not self.child.terminated else None
        return self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus

    def close(self):
        if self.child.isalive():
            self.child.close(force=True)
