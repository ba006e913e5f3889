# SPDX-License-Identifier: GPL-3.0-or-later
"""Screen 6: the head's board changes by itself, a day is read with `x`, a leader sees the units."""

import re
import unicodedata

import pytest

from office import wait_until
from photo import compare

# Given names decide the order; one name comes decomposed, as some input methods write.
PEOPLE = [
    ("an", unicodedata.normalize("NFD", "Nguyễn Đức Ân"), "officer"),
    ("chau", "Vũ Minh Châu", "officer"),
    ("dau", "Trần Văn Đẩu", "officer"),
    ("le", "Lê Thị Lệ", "officer"),
    ("y", "Đỗ Ngọc Ỷ", "officer"),
    ("sep", "Lê Văn Trưởng", "head"),
]
DONE = "Trình 3 hồ sơ: 0018, 0009, 0021. Vướng: chờ công an xác minh."


@pytest.fixture
def room(timed):
    """A unit of its own at 11:06 of a working day: who has registered and reported what."""
    office, clock = timed, timed.clock
    clock.set("2026-11-25 06:50:00")
    office.admin("unit", "add", "tp", "--name", "Phòng Tư pháp", "--parent", "vp")
    for login, name, role in PEOPLE:
        office.add_user(login, name, "tp", role)
    office.people = {login: office.client(login) for login, _, _ in PEOPLE}
    for client in office.people.values():
        client.login()
    for login in ("chau", "dau", "le"):
        office.people[login].run("work", "register", "--place", "home", "--item", "Giải quyết 5 hồ sơ hộ tịch đến hạn ;expected=5 hồ sơ", "--item", "Trả lời 2 ý kiến qua đường dây nóng")
    office.people["y"].run("work", "register", "--place", "leave", "--item", "Nghỉ phép")
    office.people["dau"].submit(DONE, slot="07")
    clock.set("2026-11-25 07:27:00")
    office.people["le"].submit(DONE, slot="07")
    clock.set("2026-11-25 10:58:00")
    office.people["dau"].submit(DONE, slot="11")
    clock.set("2026-11-25 11:06:00")
    return office


def board(room, pty, **kw):
    head = room.people["sep"]
    head.run("sync")
    s = pty(head, **kw)
    s.wait_for("Hồ sơ", 30)
    s.type("6")
    s.wait_for("Ân", 30)
    return s


def test_a_report_shows_without_a_key(room, pty):
    """Shown by 2. How soon is measured in test_terminal; here: that it comes, and that the cursor stays with its person."""
    s = board(room, pty)
    s.type("j")
    s.wait_for(lambda s: re.search(r"^>Vũ Minh Châu.*! chưa +chưa gửi", s.text, re.M), 30)
    room.people["chau"].submit("Từ nhà", slot="11")
    s.wait_for(lambda s: re.search(r"^>Vũ Minh Châu.*! chưa +đúng giờ", s.text, re.M), 30)
    s.wait_for("11h 2/4", 30)
    s.wait_for("Chưa gửi 11h, 2 người: Ân, Lệ", 30)


def test_photographs_of_the_board(room, pty):
    s = board(room, pty)
    s.wait_for(lambda s: re.search(r"Ân .*\d\d:\d\d$", s.text, re.M), 30)  # the server said who was seen when
    compare(s, "board-80x24")
    s.type("jj\r")
    s.wait_for("Theo dõi ›", 30)
    compare(s, "person-80x24")
    s.type("q")
    s.wait_for("Họ và tên", 30)
    s.resize(12, 40)
    compare(s, "board-40x12")
    plain = board(room, pty, env={"NO_COLOR": "1"})
    plain.wait_for(lambda s: re.search(r"Ân .*\d\d:\d\d$", s.text, re.M), 30)
    compare(plain, "board-80x24")
    assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", bytes(plain.raw))


def test_x_reads_and_goes_on(room, pty):
    """With marks it is a review, without it was seen; the officer learns of both."""
    s = board(room, pty)
    s.type("j\r")
    s.wait_for("Theo dõi › Vũ Minh Châu", 30)
    s.type("\t  \t   ")
    s.wait_for(lambda s: "(•) đúng" in s.text and "(•) tốt" in s.text, 30)
    s.type("x")
    s.wait_for("Theo dõi › Trần Văn Đẩu", 30)
    s.type(">")
    s.wait_for("Theo dõi › Lê Thị Lệ", 30)
    s.type("x")
    s.wait_for("Theo dõi › Đỗ Ngọc Ỷ", 30)
    sep = room.people["sep"]
    wait_until(lambda: (s.pump(0.05), sep.json("status")["unsent"] == 0)[1], 30, why="both are sent")

    def day(login):
        client = room.people[login]
        client.run("sync")
        return client.json("work", "list")["items"][0]

    chau, le = day("chau"), day("le")
    assert chau["state"] == "reviewed" and chau["review"]["progress"] == 2 and chau["review"]["quality"] == 3
    assert le["state"] == "registered" and [x["user"] for x in le["seen"]] == ["sep"]
    s.type("q")
    s.wait_for(lambda s: len(re.findall("đã xem", s.text)) >= 2, 30)


def test_give_back_asks_for_words(room, pty):
    s = board(room, pty)
    s.type("j\rz")
    s.wait_for("ghi thêm điều gì", 30)
    s.type("Ghi rõ hồ sơ nào\r")
    client = room.people["chau"]

    def returned():
        s.pump(0.05)
        client.run("sync")
        return client.json("work", "list")["items"][0]["state"] == "returned"

    wait_until(returned, 30, every=0.2)


def test_another_day_and_its_words(room, pty):
    s = board(room, pty)
    s.type("<")
    # A day off: nobody owes anything.
    s.wait_for(lambda s: "Thứ Ba 24/11/2026" in s.text and "! " not in s.text, 30)
    s.type("<")
    s.wait_for("Thứ Hai 23/11/2026", 30)
    s.wait_for("! không", 30)
    s.type(">>")
    s.wait_for("Thứ Tư 25/11/2026", 30)
    s.type(">")
    s.wait_for("chưa đến", 30)


def test_a_leader_sees_units_then_people(room, pty):
    leader = room.client("lanhdao")
    leader.login()
    s = pty(leader)
    s.wait_for("Hồ sơ", 30)
    s.type("6")
    s.wait_for(lambda s: re.search(r"Phòng Tư pháp +3/5", s.text) or re.search(r"Phòng Tư pháp +\d/\d", s.text), 30)
    s.type("\t")
    s.wait_for("Họ và tên", 30)
    s.wait_for("Nguyễn Đức Ân", 30)
    s.type("q")
    s.wait_for("Đơn vị", 30)
