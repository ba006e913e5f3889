# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots and dates by the server's clock, on the day of Viet Nam, whatever TZ says."""

import pytest

from clock import Clock


@pytest.mark.parametrize(
    "at, judged",
    [("06:59:50", "on_time"), ("07:00:10", "on_time"), ("07:14:50", "on_time"), ("07:15:01", "late"), ("09:00:00", "late"), ("05:00:00", "on_time")],
)
def test_judged_by_the_servers_clock(timed, at, judged):
    timed.clock.set(f"2026-11-25 {at}")
    hanh = timed.client("hanh")
    hanh.login()
    timed.clock.set(f"2026-11-25 {at}")
    act = hanh.json("report", "submit", "--slot", "07", "--done", "báo cáo")
    assert act["st"] == ("late" if judged == "late" else "applied")
    report = timed.wire("truong").get("/v1/reports/r:hanh:2026-11-25:07")
    assert report["judged"] == judged
    board = timed.wire("truong").get("/v1/board?unit=p1&date=2026-11-25")
    assert next(p for p in board["people"] if p["user"] == "hanh")["slots"]["07"] == judged


def test_written_in_time_and_sent_later_is_caught_up(timed):
    hanh = timed.client("hanh")
    hanh.login()
    timed.stop()
    timed.clock.set("2026-11-25 11:02:00")
    hanh.submit("lúc mất mạng", "--no-wait", slot="11", expect=75)
    timed.clock.set("2026-11-25 15:00:00")
    timed.start()
    hanh.run("sync")
    report = timed.wire("truong").get("/v1/reports/r:hanh:2026-11-25:11")
    assert report["judged"] == "caught_up"
    assert report["written_at"].startswith("2026-11-25T11:02") and report["received_at"].startswith("2026-11-25T15:00")


def test_a_client_whose_clock_lies_only_changes_the_label(timed, tmp_path):
    timed.clock.set("2026-11-25 12:30:00")
    hanh = timed.client("hanh", clock=Clock(tmp_path / "lying", "2026-11-25 10:55:00"))
    hanh.login()
    hanh.submit("đồng hồ chậm", slot="11")
    report = timed.wire("truong").get("/v1/reports/r:hanh:2026-11-25:11")
    assert report["judged"] in ("caught_up", "late") and report["received_at"].startswith("2026-11-25T12:30")


@pytest.mark.parametrize("at, slot", [("07:20", "07"), ("11:40", "11"), ("13:30", None), ("17:20", "17"), ("05:00", "07"), ("04:59", None), ("10:59", "11"), ("19:01", None)])
def test_auto_slot(timed, at, slot):
    hanh = timed.client("hanh")
    hanh.login()
    timed.clock.set(f"2026-11-25 {at}:00")
    if slot:
        act = hanh.json("report", "submit", "--slot", "auto", "--done", "tự chọn")
        assert act["id"] == f"r:hanh:2026-11-25:{slot}"
    else:
        done = hanh.run("report", "submit", "--slot", "auto", "--done", "tự chọn", expect=65)
        assert done.err
        assert hanh.json("report", "list")["items"] == []


def test_utc_environment_at_23_58_z(timed):
    """Contract 9, 21: TZ=UTC LANG=C at 23:58Z is 06:58 of the next day in Viet Nam."""
    hanh = timed.client("hanh")
    hanh.login()
    timed.clock.set("2026-11-26 06:58:00")
    act = hanh.json("report", "submit", "--slot", "auto", "--done", "Đúng giờ, chữ “Việt”", env={"LANG": "C", "TZ": "UTC"})
    assert act["id"] == "r:hanh:2026-11-26:07" and act["st"] == "applied"
    assert timed.wire("truong").get("/v1/reports/r:hanh:2026-11-26:07")["done"] == "Đúng giờ, chữ “Việt”"


def test_midnight(timed):
    hanh = timed.client("hanh")
    hanh.login()
    timed.clock.set("2026-11-25 23:59:30")
    hanh.run("work", "register", "--item", "việc hôm nay")
    timed.clock.set("2026-11-26 00:00:30")
    hanh.run("work", "register", "--item", "việc ngày mới")
    w = timed.wire("truong")
    assert [i["title"] for i in w.get("/v1/workdays/w:hanh:2026-11-25")["items"]] == ["việc hôm nay"]
    assert [i["title"] for i in w.get("/v1/workdays/w:hanh:2026-11-26")["items"]] == ["việc ngày mới"]


def test_dates_that_are_taken_and_those_that_are_not(timed):
    hanh = timed.client("hanh")
    hanh.login()
    hanh.submit("tuần trước", "--date", "2026-11-18", slot="17")
    for date in ("2026-11-26", "2026-11-17"):
        done = hanh.submit("không nhận", "--date", date, slot="17", expect=(10, 65))
        assert done.err
    hanh.run("sync", expect=None)
    got = {i for t, i in timed.texts() if t == "không nhận"}
    assert not got


def test_a_cell_is_pending_then_missing(timed):
    timed.clock.set("2026-11-25 11:14:30")
    w = timed.wire("truong")

    def cell():
        board = w.get("/v1/board?unit=p1&date=2026-11-25")
        return next(p for p in board["people"] if p["user"] == "hanh")["slots"]["11"]

    assert cell() == "pending"
    timed.clock.set("2026-11-25 11:15:30")
    assert cell() == "missing"


def test_a_day_off_exempts(timed):
    """Sunday 29 November 2026."""
    timed.clock.set("2026-11-29 10:00:00")
    board = timed.wire("truong").get("/v1/board?unit=p1&date=2026-11-29")
    assert all(s == "exempt" for p in board["people"] for s in p["slots"].values())
    hanh = timed.client("hanh")
    hanh.login()
    assert hanh.json("report", "submit", "--slot", "11", "--fill")["st"] == "noop"
    hanh.submit("vẫn nhận", slot="11")
