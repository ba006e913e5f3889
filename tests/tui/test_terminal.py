# SPDX-License-Identifier: GPL-3.0-or-later
"""The full-screen program in a pty: what a person sees, and what the line, the signals and the window do to it."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from marker import MARKER, traces
from office import program, wait_until
from wire import today

F2 = "\x1bOQ"
CTRL_S = "\x13"


@pytest.fixture
def screen(office, client, pty):
    """screen("hanh"): logged in, the program open and its first screen drawn."""

    def make(user, **kw):
        c = client(user)
        c.run("sync")
        s = pty(c, **kw)
        s.client = c
        s.wait_for("Hồ sơ" if kw.get("cols", 80) >= 80 else re.compile(r"\S"), 8)
        return s

    return make


def state_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_two_screens_officer_and_head(office, screen):
    """Shown by 2: the officer submits, the head's board changes within 2 s without a key pressed."""
    head = screen("truong")
    head.type("6")
    row = re.compile(r"Nguyễn Thị Hạnh.*")
    before = head.wait_for(row, 8).group()
    officer = screen("hanh")
    officer.type("3")
    officer.wait_for(re.compile(r"Báo cáo \d\dh|báo cáo", re.I), 8)
    if "Đã làm" not in officer.text:
        officer.type("\r")
    officer.wait_for("Đã làm", 8)
    officer.type("Đã giải quyết 4 hồ sơ trong buổi sáng")
    officer.wait_for("Đã giải quyết 4", 5)
    officer.type(CTRL_S)
    wait_until(lambda: (officer.pump(0.02), office.texts())[1], 30, why="the report at the server")
    sent = time.monotonic()
    head.wait_for(lambda s: (m := row.search(s.text)) and m.group() != before, 4)
    assert time.monotonic() - sent < 2.0
    officer.wait_for(lambda s: "gửi" in s.text.lower(), 5)
    texts = [t for t, _ in office.texts()]
    assert len(texts) == 1 and "Đã giải quyết 4 hồ sơ trong buổi sáng" in texts[0]


def test_ctrl_z_and_cron_delivers(office, client, pty):
    """Shown by 9: Ctrl-Z the program, submit from cron: delivered within 5 s."""
    hanh = client("hanh")
    hanh.run("sync")
    s = pty(hanh, command=["/bin/bash", "--norc", "--noprofile", "-i"], env={"PS1": "vo$ "})
    s.wait_for("vo$", 5)
    s.type(program("congvu") + "\r")
    s.wait_for("Hồ sơ", 8)
    child = wait_until(lambda: children(s.child.pid), 5)[0]
    s.type("\x1a")
    wait_until(lambda: s.pump(0.02) or state_of(child) == "T", 5, why="the program is stopped")
    start = time.monotonic()
    done = hanh.submit("từ cron lúc chương trình dừng", timeout=20)
    assert done.code == 0 and time.monotonic() - start < 5
    assert [t for t, _ in office.texts()] == ["từ cron lúc chương trình dừng"]
    s.wait_for("vo$", 5)
    s.type("fg\r")
    s.wait_for("Hồ sơ", 5)
    assert state_of(child) != "T"


def children(pid):
    return [int(x) for x in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_stopped_while_polling_and_killed_hard(office, screen):
    """SIGSTOP and kill -9 hold no lock that cron would wait for."""
    s = screen("hanh")
    s.wait_for("Có mạng", 10)
    s.settle()
    os.kill(s.child.pid, signal.SIGSTOP)
    wait_until(lambda: state_of(s.child.pid) == "T", 5)
    assert s.client.submit("một").seconds < 5
    os.kill(s.child.pid, signal.SIGKILL)
    assert s.client.submit("hai").seconds < 5


def test_sighup_saves_the_draft(office, screen, pty):
    s = screen("hanh")
    office.stop()
    open_report(s)
    s.type("bản nháp dở dang")
    s.wait_for("bản nháp dở dang", 5)
    os.kill(s.child.pid, signal.SIGHUP)
    s.end(5)
    again = pty(s.client)
    again.wait_for("bản nháp dở dang", 20)
    assert s.client.json("status")["unsent"] == 0


def open_report(s):
    s.type("3")
    s.settle()
    if "Đã làm" not in s.text:
        s.type("\r")
    s.wait_for("Đã làm", 8)


def test_killed_in_the_middle_of_a_draft(office, screen, pty):
    """Drafts are saved a second after the last key."""
    s = screen("hanh")
    open_report(s)
    s.type("nháp trước khi bị giết")
    s.wait_for(re.compile(r"nháp đã lưu|đã lưu"), 5)
    s.child.kill(signal.SIGKILL)
    again = pty(s.client)
    again.wait_for("nháp trước khi bị giết", 20)


def test_offline_and_back_on_the_screen(office, screen):
    s = screen("hanh")
    office.stop()
    s.wait_for(re.compile("mất mạng", re.I), 30)
    open_report(s)
    s.type("viết lúc mất mạng")
    s.type(CTRL_S)
    s.wait_for("đã lưu, chờ gửi", 10)
    assert s.client.json("status")["unsent"] == 1
    office.start(port=office.port)
    wait_until(lambda: (s.pump(0.02), office.texts())[1], 90, every=0.2, why="the program sends by itself")
    s.wait_for("Có mạng", 60)


def test_resize_storm_and_tiny_windows(office, screen):
    s = screen("hanh")
    for rows, cols in [(12, 40), (43, 132), (1, 1), (24, 80), (5, 300), (2, 2), (60, 20), (24, 80)] * 3:
        s.resize(rows, cols)
        s.pump(0.01)
    s.wait_for("Hồ sơ", 5)
    s.resize(10, 30)
    s.wait_for("nhỏ", 5)
    s.resize(24, 80)
    s.wait_for("Hồ sơ", 5)
    assert s.child.isalive()


@pytest.mark.parametrize("rows, cols", [(24, 80), (12, 40), (43, 132)])
def test_no_line_is_broken(office, screen, rows, cols):
    s = screen("truong", rows=rows, cols=cols)
    for key in "123468":
        s.type(key)
        s.settle()
        assert len(s.lines) == rows and all(len(line) <= cols for line in s.lines)
        assert "�" not in s.text and "(null)" not in s.text and "%s" not in s.text, s.text


@pytest.mark.parametrize("env", [{"LANG": "C", "LC_ALL": "C"}, {"TERM": "vt100"}, {"TERM": "dumb"}, {"NO_COLOR": "1"}, {"TERM": "xterm", "LANG": "C"}], ids=str)
def test_terminals_as_they_are(office, client, pty, env):
    hanh = client("hanh")
    s = pty(hanh, env=env)
    s.wait_for("Hồ sơ", 8)
    if "NO_COLOR" in env:
        assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", bytes(s.raw))


def test_never_clears_and_is_thrifty(office, screen):
    s = screen("hanh")
    s.settle()
    s.raw.clear()
    s.bytes = 0
    for _ in range(10):
        s.type("j")
        s.pump(0.1)
    s.settle()
    assert b"\x1b[2J" not in s.raw and b"\x1b[H\x1b[J" not in s.raw
    assert s.bytes < 10 * 400, s.bytes


def test_escape_tails_and_unknown_sequences_change_nothing(office, screen):
    s = screen("hanh")
    s.settle()
    before = s.lines[0]
    for seq in ["\x1b[1~", "\x1b[4~", "\x1b[7~", "\x1b[11~", "\x1b[200;5u", "\x1b[?62;c", "\x1b]11;rgb:0000/0000/0000\x07", "\x1b[M !!", "\x1b[<0;10;10M"]:
        s.type(seq)
        s.settle()
    s.type("\x1b")
    s.settle()
    assert s.child.isalive() and s.lines[0].split()[:1] == before.split()[:1], s.text


def test_paste_does_not_run_as_keys(office, screen):
    s = screen("hanh")
    s.settle()
    s.type("\x1b[200~q6:quit\rjjj\x1b[201~")
    s.settle()
    assert s.child.isalive()
    open_report(s)
    s.type("\x1b[200~dán vào " + "đ" * 40 + "\x1b[201~")
    s.wait_for("dán vào", 5)
    assert s.child.isalive()


def test_input_methods_send_backspace_and_letter(office, screen):
    """`a DEL ạ` in one write, split UTF-8, decomposed letters: one letter each."""
    s = screen("hanh")
    open_report(s)
    s.type("n\x7fngh")
    s.type("a\x7fạ")
    s.type("ị".encode()[:1])
    s.pump(0.05)
    s.type("ị".encode()[1:])
    s.type("e\u0302\u0301")
    s.wait_for("nghạịế", 5)
    s.type("\x7f")
    s.wait_for(lambda x: "nghạị" in x.text and "nghạịế" not in x.text, 5)


def test_untrusted_text_never_reaches_the_terminal(office, screen):
    w = office.wire("hanh")
    a = w.sync([w.element("report.submit", f"r:hanh:{today()}:11", {"date": today(), "slot": "11", "done": "đỏ\x1b]0;hacked\x07\x1b[31m \u202e ngược"})])
    s = screen("truong")
    s.type("6")
    s.wait_for("Hạnh", 5)
    s.type("\r")
    s.settle()
    assert b"hacked\x07" not in s.raw and "\u202e".encode() not in s.raw, a


def test_marker_in_no_file_while_typing_and_after_kill(office, screen):
    since = time.time() - 1
    s = screen("hanh")
    office.stop()
    open_report(s)
    s.type(MARKER + " nháp")
    s.wait_for(MARKER, 5)
    s.wait_for(re.compile("đã lưu"), 5)
    assert traces([s.client.home], since) == []
    s.type(CTRL_S)
    s.wait_for(re.compile("chờ gửi", re.I), 5)
    s.type("1/" + MARKER)
    s.settle()
    assert traces([s.client.home, "/tmp"], since) == []
    s.child.kill(signal.SIGKILL)
    assert traces([s.client.home, "/tmp"], since) == []


def test_quit_says_what_is_unsent(office, screen):
    s = screen("hanh")
    office.stop()
    s.client.submit("chưa gửi", "--no-wait", expect=75)
    s.wait_for("8 Chờ gửi 1", 10)
    s.type("q")
    s.wait_for("lần sau tự gửi", 8)
    s.type("\r")
    assert s.end(10) == 0


def test_first_run_asks_three_things(office, pty):
    from office import password

    hanh = office.client("hanh")
    conf = hanh.home / ".config" / "congvu" / "congvu.conf"
    conf.parent.mkdir(parents=True)
    conf.write_text(f"server = {office.url}\nsecrets = file\n")
    conf.chmod(0o600)
    s = pty(hanh)
    s.wait_for(re.compile("mật khẩu", re.I), 8)
    s.type("hanh\t" + password("hanh"))
    s.settle()
    assert password("hanh") not in s.text
    s.type(CTRL_S)
    s.wait_for("Hồ sơ", 10)
