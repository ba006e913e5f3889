# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python side of crash_preload.c and slow_preload.c: counters and faults of a running process, through a mapped file."""

import mmap
import os
import struct
from pathlib import Path

CALLS = {"pwrite": 1, "fdatasync": 2, "rename": 4, "send": 8, "any": 15}
MODES = {"kill": 0, "torn": 1, "after": 2, "eio": 3, "enospc": 4}
NAMES = {bit: name for name, bit in CALLS.items()}


def build_dir() -> Path:
    return Path(os.environ.get("B") or Path(__file__).resolve().parents[2] / "build").absolute()


def tool(name: str) -> Path:
    path = build_dir() / "tests" / "tools" / name
    assert path.exists(), f"{path} is not built: run `make check-e2e`"
    return path


class _Mapped:
    def __init__(self, path: Path, size: int):
        self.path = Path(path)
        self.path.write_bytes(b"\0" * size)
        with open(self.path, "r+b") as f:
            self.map = mmap.mmap(f.fileno(), size)

    def _get(self, fmt: str, at: int) -> int:
        return struct.unpack_from(fmt, self.map, at)[0]

    def _put(self, fmt: str, at: int, value: int):
        struct.pack_into(fmt, self.map, at, value)


class CrashPoint(_Mapped):
    """One process' n-th write, flush, rename or send. `env` goes to the process; arm() may come later, while it runs."""

    def __init__(self, path: Path, calls="any", mode="kill", at=0, stick=False, exe=None):
        super().__init__(path, 64)
        self.exe = exe
        self.log = None
        self.arm(at, calls, mode, stick)

    @property
    def env(self) -> dict:
        env = {"LD_PRELOAD": str(tool("crash_preload.so")), "CONGVU_CRASH_CTL": str(self.path)}
        if self.exe:
            env["CONGVU_CRASH_EXE"] = self.exe
        if self.log:
            env["CONGVU_CRASH_LOG"] = str(self.log)
        return env

    def arm(self, at: int, calls="any", mode="kill", stick=False):
        """at counts from the beginning of the process; see arm_in for "from now"."""
        mask = 0
        for name in calls.split(","):
            mask |= CALLS[name]
        self._put("<q", 8, 0)
        self._put("<i", 16, MODES[mode])
        self._put("<i", 20, mask)
        self._put("<i", 24, int(stick))
        self._put("<i", 28, 0)
        self._put("<q", 8, at)

    def arm_in(self, n: int, **how):
        self.arm(0, **how)
        self._put("<q", 8, self.count + n)

    def reset(self):
        self._put("<q", 8, 0)
        self._put("<q", 0, 0)
        self._put("<i", 28, 0)

    @property
    def count(self) -> int:
        return self._get("<q", 0)

    @property
    def hit(self) -> str:
        """The name of the call that was hit, or an empty string."""
        return NAMES.get(self._get("<i", 28), "")


class SlowDisk(_Mapped):
    def __init__(self, path: Path, ms: int = 0):
        super().__init__(path, 16)
        self.ms = ms

    @property
    def env(self) -> dict:
        return {"LD_PRELOAD": str(tool("slow_preload.so")), "CONGVU_FSYNC_CTL": str(self.path)}

    @property
    def ms(self) -> int:
        return self._get("<q", 0)

    @ms.setter
    def ms(self, value: int):
        self._put("<q", 0, value)

    @property
    def flushes(self) -> int:
        return self._get("<q", 8)
