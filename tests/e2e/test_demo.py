# SPDX-License-Identifier: GPL-3.0-or-later
"""The README's demo tells a day and is not green when the server dies in the middle of it. Shown by 1."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def command():
    return [ROOT / "tests/tools/demo", os.environ.get("B", "build")]


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
