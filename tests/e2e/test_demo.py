# SPDX-License-Identifier: GPL-3.0-or-later
"""The README's demo tells a day and is not green when the server dies in the middle of it."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def demo(**more):
    env = {**os.environ, **more}
    return subprocess.run(
        [ROOT / "tests/tools/demo", os.environ.get("B", "build")],
        cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
    )


def test_the_day_is_told():
    done = demo()
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("nguyên vẹn")


def test_a_killed_server_is_not_hidden():
    assert demo(CONGVU_DEMO_KILL="1").returncode != 0
