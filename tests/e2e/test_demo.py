# SPDX-License-Identifier: GPL-3.0-or-later
"""The README's demo tells a day and is not green when the server dies in the middle of it. Shown by 1."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def command():
    return [ROOT / "tests/tools/demo", os.path.abspath(os.environ.get("B") or ROOT / "build")]


def env(home):
    """As on a new machine: nothing in HOME, and no make of ours around it."""
    home.mkdir()
    return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(home)}


def test_the_day_is_told(tmp_path):
    done = subprocess.run(command(), cwd=ROOT, env=env(tmp_path / "home"), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1].endswith("nguyên vẹn") and len(lines) >= 12 and done.stderr == ""
    assert not list((tmp_path / "home").iterdir())


def server_below(pid):
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().partition(")")
            if name.endswith("(congvud") and int(rest.split()[1]) == pid:
                return int(path.parent.name)
        except (OSError, ValueError):
            continue
    return None


@pytest.mark.parametrize("line", [1, 5])
def test_a_killed_server_is_not_hidden(tmp_path, line):
    """Killed from outside when that many lines have been told."""
    child = subprocess.Popen(command(), cwd=ROOT, env=env(tmp_path / "home"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    told = [child.stdout.readline() for _ in range(line)]
    server = server_below(child.pid)
    assert server, told
    os.kill(server, signal.SIGKILL)
    rest = child.stdout.read()
    assert child.wait(120) != 0 and "nguyên vẹn" not in rest, (told, rest)


class Person:
    """Somebody at a terminal with an empty home."""

    def __init__(self, home):
        self.home = home
        self.first = env(home)

    def env(self, *more):
        return {k: v for part in (self.first, *more) for k, v in part.items()}


def test_with_a_terminal_it_opens_the_program(tmp_path, pty):
    screen = pty(Person(tmp_path / "home"), command=[str(c) for c in command()])
    screen.wait_for("[1 Hồ sơ]", 60)
    screen.wait_for("Phạm Đức Ổn", 30)
    screen.type("q")
    assert screen.end(60) == 0
