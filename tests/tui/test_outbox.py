# SPDX-License-Identifier: GPL-3.0-or-later
"""Screen 8: what waits, what came back and why; nothing goes but by the server's or the person's word."""

from office import wait_until
from photo import compare


def test_waits_offline_and_goes_by_itself(timed, desk):
    timed.stop()
    desk.client.submit("Trình 3 hồ sơ", "--no-wait", slot="11", expect=75)
    desk.client.submit("Bão sắp vào", "--event", "bão số 9", "--no-wait", expect=75)
    desk.type("8")
    desk.wait_for("Chờ gửi 2", 30)
    desk.wait_for("MẤT MẠNG", 60)
    desk.wait_for(lambda s: "Báo cáo 11h ngày 25/11" in s.text and "Báo cáo đột xuất" in s.text, 30)
    desk.type("j")
    desk.wait_for("sự việc: bão số 9", 30)
    desk.type("-")
    desk.wait_for("Chưa bỏ được", 30)
    timed.start()
    desk.type("\x1b[15~")  # F5: at once
    desk.wait_for("Không còn gì chờ gửi", 60)
    assert sorted(t for t, _ in timed.texts(user="hanh")) == ["Bão sắp vào", "Trình 3 hồ sơ"]


def refused(desk):
    """One's own day is not for oneself to review."""
    desk.client.run("work", "register", "--item", "Rà soát sổ hộ tịch")
    desk.client.run("work", "review", "hanh", "--progress", "2", "--comment", "tự khen", "--anyway", expect=10)
    desk.type("8")
    desk.wait_for("Cần xem lại 1", 30)


def test_what_came_back_says_why_and_is_dropped_by_a_person(timed, desk):
    refused(desk)
    desk.wait_for("Vì sao: không được phép", 30)
    desk.wait_for("ý kiến: tự khen", 30)
    compare(desk, "outbox-80x24")
    desk.type("-")
    desk.wait_for("Bỏ hẳn", 30)
    desk.type("k")
    desk.wait_for("Cần xem lại 1", 30)
    desk.type("-")
    desk.wait_for("Bỏ hẳn", 30)
    desk.type("c")
    desk.wait_for("Không còn gì chờ gửi", 30)
    assert desk.client.json("status")["needs_person"] == 0


def test_sent_again_as_a_new_one(timed, desk):
    refused(desk)
    old = desk.client.outbox()[0]["mid"]
    desk.type("\x13")
    desk.wait_for("Gửi lại", 30)
    desk.type("c")

    def again():
        desk.pump(0.05)
        return [x["mid"] for x in desk.client.outbox() if x["state"] == "needs_person"]

    wait_until(lambda: again() and old not in again(), 30, why="refused once more, under a new number")
    assert len(desk.client.outbox()) == 1


def test_narrow(timed, desk):
    refused(desk)
    desk.resize(12, 40)
    compare(desk, "outbox-40x12")


def test_a_conflict_shows_both(timed, pty, tmp_path):
    """The same clerk at two desks: mine beside the server's, and mine sent again when she says so."""
    timed.clock.set("2026-11-25 11:06:00")
    timed.admin("procedure", "set", "1.001", "--name", "Thủ tục", "--days", "3", "--route", "desk", "--unit", "p1")
    a, b = timed.client("motcua", tmp_path / "a"), timed.client("motcua", tmp_path / "b")
    a.login()
    b.login()
    code = a.run("dossier", "new", "--procedure", "1.001", "--applicant", "Phạm Ổn").out.strip()
    b.run("sync")
    b.run("dossier", "edit", code, "--applicant", "Phạm Đức Ổn", "--no-wait", expect=75)
    a.run("dossier", "edit", code, "--applicant", "Phạm Văn Ổn")
    b.run("sync", expect=10)
    s = pty(b)
    s.wait_for("Hồ sơ", 30)
    s.type("8")
    s.wait_for("Cần xem lại 1", 30)
    s.wait_for(lambda s: s.line_with("Phạm Đức Ổn") and "│" in s.line_with("Phạm Đức Ổn") and "Phạm Văn Ổn" in s.line_with("Phạm Đức Ổn"), 30)
    compare(s, "conflict-80x24")
    s.type("\x13")
    s.wait_for("Gửi lại y nguyên", 30)
    s.type("c")
    s.wait_for("Không còn gì chờ gửi", 30)
    a.run("sync")
    assert a.json("dossier", "show", code)["applicant"]["name"] == "Phạm Đức Ổn"
