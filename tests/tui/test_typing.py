# SPDX-License-Identifier: GPL-3.0-or-later
"""Own keys, the built-in input method, and a form that goes on where the line dropped."""

import contextlib
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from office import program, wait_until


@pytest.fixture
def hanh(client):
    c = client("hanh")
    c.run("sync")
    return c


def open_report(s):
    s.wait_for("Có mạng", 20)
    s.type("3")
    s.wait_for("Báo cáo hôm nay", 10)
    s.type("\r")
    s.wait_for("Đã làm", 10)


def test_telex_for_consoles_that_have_none(hanh, pty):
    s = pty(hanh)
    open_report(s)
    s.type("\x1b[20~")  # F9
    s.wait_for("Bộ gõ có sẵn: Telex", 5)
    s.type("Ddax trinhf 3 hoof sow hooj tichj")
    s.wait_for("Đã trình 3 hồ sơ hộ tịch", 5)


def test_own_keys_and_their_faults(hanh, pty):
    conf = hanh.home / ".config" / "congvu" / "keys.conf"
    conf.parent.mkdir(parents=True, exist_ok=True)
    conf.write_text("menu = w\nsearch = f\nnothing = x\n")
    conf.chmod(0o600)
    s = pty(hanh)
    s.wait_for("không có phím tên nothing", 20)
    s.wait_for("đã có nghĩa khác", 5)
    s.type("q")
    s.wait_for("w Mục lục", 10)
    s.type("w")
    s.wait_for("gõ để lọc", 5)
    s.type("\x1b")
    s.wait_gone("gõ để lọc", 5)
    s.type("f")
    s.wait_for("Tìm:", 5)


def test_the_same_field_after_the_line_dropped(hanh, pty):
    s = pty(hanh)
    open_report(s)
    s.type("\t\t")
    s.type("chờ công an xác minh")
    s.wait_for("chờ công an xác minh", 5)
    os.kill(s.child.pid, signal.SIGHUP)
    s.end(20)
    again = pty(hanh)
    again.wait_for("chờ công an xác minh", 20)
    line = next(i for i, text in enumerate(again.lines) if "chờ công an" in text)
    again.wait_for(lambda x: x.cursor[0] == line, 5)
    again.type(", nhắc ngày mai")
    again.wait_for("chờ công an xác minh, nhắc ngày mai", 5)
    again.type("\x13")
    again.wait_for(re.compile("√ Báo cáo"), 20)
    # Sent and left: the next start begins at the beginning.
    again.type("q")
    again.end(20)
    third = pty(hanh)
    third.wait_for("Hồ sơ", 20)
    third.settle()
    assert "nhắc ngày mai" not in third.text


def test_a_full_disk_keeps_what_was_written(office, hanh, pty):
    """Neither draft nor act can be saved: the text stays in the program until there is room again."""
    if subprocess.run(["unshare", "-Urm", "true"], capture_output=True).returncode:
        pytest.skip("no user namespaces here")
    disk = hanh.home / "disk"
    disk.mkdir()
    script = f"""
        mount -t tmpfs -o size=4m tmpfs {disk}
        cp -a {hanh.home}/.local {disk}/ && cp -a {hanh.home}/.config {disk}/ 2>/dev/null
        export HOME={disk}
        exec {program("congvu")}
    """
    s = pty(hanh, command=["/usr/bin/unshare", "-Urm", "/bin/bash", "-c", script])
    open_report(s)
    fill = Path(f"/proc/{s.child.pid}/root{disk}/fill")
    with open(fill, "wb", buffering=0) as f, contextlib.suppress(OSError):
        while True:
            f.write(b"\0" * 4096)
    text = "đã tiếp nhận nguồn gốc đất " * 300
    s.type("\x1b[200~" + text + "\x1b[201~")
    s.wait_for("nguồn gốc đất", 10)
    s.type("\x13")
    s.wait_for("CHƯA LƯU", 10)
    fill.unlink()
    s.type("c")
    wait_until(lambda: (s.pump(0.02), office.texts())[1], 30, why="the report at the server")
    assert office.texts()[0][0].split() == text.split()
