# SPDX-License-Identifier: GPL-3.0-or-later
"""Screen 2: what registering and recording lead to, and how the words stand there."""

import re

from office import wait_until


def register(desk, *items):
    desk.type("2")
    desk.wait_for("Chưa đăng ký", 30)
    desk.type("+")
    desk.wait_for("Việc 8", 30)
    desk.type("\t".join(items) + "\x13")


def finish(desk, title, result):
    desk.wait_for("Ghi kết quả", 30)
    desk.type("\r")
    desk.wait_for(re.compile(f"Kết quả việc . · {title}"), 30)
    desk.type("\x1b[C\x1b[C")
    desk.wait_for("(•) xong", 30)
    desk.type("\t\t" + result)
    desk.wait_for(result, 30)
    desk.type("\x13")


def test_registering_leads_to_07h_and_the_last_result_to_the_next_report(timed, desk):
    """At 11:06 the 07h report is still owed: registering offers that one, as a plan; results go into the open one."""
    register(desk, "Rà soát sổ hộ tịch", "Trả lời công dân")
    desk.wait_for("Tạo luôn báo cáo 07h", 30)
    desk.type("\r")
    desk.wait_for("Báo cáo 07h · Thứ Tư 25/11/2026", 30)
    desk.wait_for("│ - Rà soát sổ hộ tịch", 30)
    desk.type("\x13")
    wait_until(lambda: (desk.pump(0.02), timed.texts())[1], 30, why="the 07h report at the server")
    desk.wait_for("Rà soát sổ hộ tịch", 30)
    finish(desk, "Rà soát sổ hộ tịch", "đã xong sổ 2025")
    desk.wait_for(re.compile(r"1 +Rà soát sổ hộ tịch +xong +100"), 30)
    assert "Tạo luôn" not in desk.text  # one row is open still
    desk.type("j")
    finish(desk, "Trả lời công dân", "đã gọi lại")
    desk.wait_for("Tạo luôn báo cáo 11h", 30)
    desk.type("k")
    desk.wait_for("Khi ghi xong kết quả", 30)


def test_a_report_already_sent_is_not_offered(timed, desk):
    desk.client.submit("Bắt đầu làm việc", slot="07", expect=(0, 10))
    desk.type("3")
    desk.wait_for(re.compile("Báo cáo 07h +muộn"), 30)
    register(desk, "Rà soát sổ hộ tịch")
    desk.wait_for(re.compile("√ Đăng ký việc hôm nay"), 30)
    assert "Tạo luôn" not in desk.text


def test_what_waits_is_told_in_words(timed, desk):
    register(desk, "Rà soát sổ hộ tịch", "Trả lời công dân")
    desk.wait_for("Tạo luôn báo cáo 07h", 30)
    desk.type("k")
    desk.wait_for(lambda s: "Đã đăng ký" in s.text and "chờ gửi" not in s.text, 30)
    timed.stop()
    finish(desk, "Rà soát sổ hộ tịch", "đã xong sổ 2025")
    desk.type("8")
    desk.wait_for("tình trạng: xong", 30)
