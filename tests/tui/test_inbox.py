# SPDX-License-Identifier: GPL-3.0-or-later
"""Screen 1: the inbox and a dossier; what a line down costs; approving waits ten seconds and can be taken back."""

import re
import unicodedata

import pytest

from office import wait_until
from photo import compare
from wire import uuid7

NAMES = ["Nguyễn Văn Ứng", "Phạm Đức Ổn", "Trịnh Thị Quỳ", "Hoàng Thị Khuê", "Trần Thị Mỹ Lộc", "Võ Hoàng Yến", "Đặng Ngọc Ẩn", "Bùi Thị Ngà", "Lý Văn Đẩu", "Huỳnh Thị Ái"]
PROCEDURES = [("1.004873", "Cấp giấy xác nhận tình trạng hôn nhân", 3), ("1.004884", "Đăng ký lại khai sinh", 5)]


def receive(office, names, day):
    """New dossiers of that day on Hạnh's desk, by the desk and the head."""
    office.clock.set(f"{day} 09:00:00")
    at = f"{day}T09:00:00+07:00"
    ids = sorted(uuid7() for _ in names)  # what is due on one day stands in this order
    clerk, head = office.wire("motcua"), office.wire("truong")
    push = []
    for i, (oid, name) in enumerate(zip(ids, names)):
        args = {"procedure": PROCEDURES[i % 2][0], "applicant": {"name": name, "phone": "0912345678"}, "channel": 1}
        push += [clerk.element("dossier.new", oid, args, at=at), clerk.element("dossier.accept", oid, {}, at=at), clerk.element("dossier.forward", oid, {}, at=at)]
    answer = clerk.sync(push)
    assert all(r["st"] in ("applied", "late") for r in answer["results"]), answer["results"]
    answer = head.sync([head.element("dossier.assign", oid, {"assignee": "hanh"}, at=at) for oid in ids])
    assert all(r["st"] in ("applied", "late") for r in answer["results"]), answer["results"]
    return ids


@pytest.fixture
def office(timed):
    for code, name, days in PROCEDURES:
        timed.admin("procedure", "set", code, "--name", name, "--field", "Hộ tịch", "--days", str(days), "--route", "head", "--unit", "p1")
    timed.ids = receive(timed, NAMES[:2], "2026-11-12") + receive(timed, [unicodedata.normalize("NFD", n) for n in NAMES[2:6]], "2026-11-17") + receive(timed, NAMES[6:], "2026-11-20")
    timed.clock.set("2026-11-20 13:41:00")
    return timed


@pytest.fixture
def inbox(office, pty):
    def open_as(user, **kw):
        client = office.client(user)
        client.login()
        s = pty(client, **kw)
        s.client = client
        s.wait_for("Hồ sơ", 30)
        return s

    return open_as


def test_photographs(office, inbox):
    s = inbox("hanh")
    s.wait_for("10 hồ sơ", 30)
    compare(s, "inbox-80x24")
    s.type("j\r")
    s.wait_for("Diễn biến", 30)
    compare(s, "dossier-80x24")
    s.type("q")
    s.wait_for("10 hồ sơ", 30)
    s.resize(12, 40)
    compare(s, "inbox-40x12")


def presses(s, key, n):
    """Mean bytes of a press, each answered before the next."""
    s.bytes = 0
    for _ in range(n):
        before = s.cursor
        s.type(key)
        s.wait_for(lambda s: s.cursor != before or s.bytes, 30)
        s.settle(0.1, 60)
    return s.bytes / n


def test_a_line_down_costs_two_marks(office, inbox):
    receive(office, [f"{n} {i}" for i in range(3) for n in NAMES], "2026-11-19")
    office.clock.set("2026-11-20 13:41:00")
    s = inbox("hanh")
    s.wait_for("40 hồ sơ", 30)
    s.settle(0.5, 60)
    here = presses(s, "j", 8)

    scrolls = presses(s, "j", 20)

    assert here <= 111 and scrolls <= 180, (here, scrolls)


def test_search_while_typing_without_marks(office, inbox):
    s = inbox("hanh")
    s.wait_for("10 hồ sơ", 30)
    s.type("/")
    s.wait_for("Tìm:", 30)
    s.type("quy")
    s.wait_for(lambda s: "1 hồ sơ" in s.text and "Trịnh Thị Quỳ" in s.text and "Huỳnh" not in s.text, 30)
    s.type("\x7f\x7f\x7f")
    s.wait_for("10 hồ sơ", 30)
    s.type("DAU")
    s.wait_for(lambda s: "1 hồ sơ" in s.text and "Lý Văn Đẩu" in s.text, 30)
    s.type("\x07")
    s.wait_for("10 hồ sơ", 30)  # left with Ctrl-G: as before
    s.type("/261117-0002\r")
    s.wait_for(lambda s: "1 hồ sơ" in s.text and "Hoàng Thị Khuê" in s.text, 30)


@pytest.fixture
def proposals(office):
    """Two proposals on the head's desk."""
    hanh = office.client("hanh")
    hanh.login()
    codes = [d["code"] for d in hanh.json("dossier", "list", "--view", "mine")["items"]][:3]
    for code in codes:
        hanh.run("dossier", "submit", code, "--text", "Đủ điều kiện, đề nghị duyệt")
    office.codes = codes
    return office


def step(office, code):
    reader = office.client("pho")
    if not (reader.home / ".local").exists():
        reader.login()
    reader.run("sync")
    return reader.json("dossier", "show", code)["step"]


def approve(s):
    s.type("d")
    s.wait_for("Ctrl-S Gửi", 30)
    s.type("\x13")
    s.wait_for("đã lưu, gửi sau", 30)


def test_an_approval_waits_and_can_be_taken_back(proposals, inbox):
    first = proposals.codes[0]
    s = inbox("truong")
    s.wait_for("3 hồ sơ", 30)
    approve(s)
    s.type("u")
    s.wait_for("Đã lấy lại", 30)
    assert s.client.outbox() == [] and step(proposals, first) == "at_head"
    approve(s)
    s.type("d")  # the same letter again: now
    wait_until(lambda: (s.pump(0.05), step(proposals, first) == "approved")[1], 30, every=0.1, why="sent without waiting")
    s.wait_for("2 hồ sơ", 30)


def test_leaving_and_being_killed_send_what_is_held(proposals, inbox, pty):
    _, second, third = proposals.codes
    s = inbox("truong")
    s.wait_for("3 hồ sơ", 30)
    s.type("j")
    approve(s)
    s.type("q")
    s.end(30)
    head = s.client
    head.run("sync", expect=(0, 75))
    assert step(proposals, second) == "approved"
    s = pty(head)
    s.wait_for("2 hồ sơ", 30)
    s.type("j")
    approve(s)
    s.child.kill(9)
    s.child.wait()
    assert step(proposals, third) == "at_head"
    again = pty(head)
    again.wait_for("Hồ sơ", 30)
    wait_until(lambda: (again.pump(0.05), step(proposals, third) == "approved")[1], 30, every=0.1, why="the next start sends it")
