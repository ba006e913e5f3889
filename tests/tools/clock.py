# SPDX-License-Identifier: GPL-3.0-or-later
"""A wall clock for the real programs, by libfaketime: one for the server and the clients of a test, movable while they run.

The monotonic clock stays real (deadlines, long polls), and so do the times of files.
"""

import calendar
import os
import time
from pathlib import Path

LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


def moment(text: str) -> float:
    """"2026-11-25 06:58:00" on the clock of Viet Nam, as seconds since the epoch."""
    text = text.replace("T", " ")
    text, _, part = text.partition(".")
    fmt = "%Y-%m-%d %H:%M:%S" if text.count(":") == 2 else "%Y-%m-%d %H:%M"
    return calendar.timegm(time.strptime(text, fmt)) - 7 * 3600 + (float("0." + part) if part else 0)


class Clock:
    """Runs on from the moment it was set to."""

    def __init__(self, path: Path, at: str):
        self.path = Path(path)
        self.offset = 0.0
        self.set(at)

    def set(self, at: str):
        self.offset = moment(at) - time.time()
        self._write()

    def advance(self, seconds: float):
        self.offset += seconds
        self._write()

    def _write(self):
        temp = self.path.with_suffix(".new")
        temp.write_text(f"{self.offset + 0.002:+.3f}\n")
        temp.rename(self.path)

    def now(self) -> float:
        return time.time() + self.offset

    def date(self, days=0) -> str:
        return time.strftime("%Y-%m-%d", time.gmtime(self.now() + 7 * 3600 + days * 86400))

    @property
    def env(self) -> dict:
        return {
            "LD_PRELOAD": LIBRARY,
            "FAKETIME_TIMESTAMP_FILE": str(self.path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }


def merge_env(*parts: dict) -> dict:
    """Later wins; LD_PRELOAD adds up."""
    out: dict = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    preload = []
    for part in parts:
        for name, value in part.items():
            if name == "LD_PRELOAD":
                preload.append(value)
            elif value is None:
                out.pop(name, None)
            else:
                out[name] = value
    if preload:
        out["LD_PRELOAD"] = ":".join(dict.fromkeys(preload))
    return out
