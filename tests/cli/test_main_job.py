# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job through the command line: registers, reports, loses the line, goes on, and the head sees all of it."""

from wire import today

NAMES = ["Đặng Thị Ngọc Ánh", "đã gọi điện 3 công dân; còn 2 hồ sơ chờ", "NFD: Nguyễn", 'nháy " và \\ và {}; %s $HOME `id`']


def test_a_day_online_is_seen_by_the_head(office, client):
    hanh, truong = client("hanh"), client("truong")
    status = hanh.json("status")
    assert status["user"] == "hanh" and status["unsent"] == 0 and status["server"] == office.url

    act = hanh.json("work", "register", "--place", "home", "--item", "Thẩm định hồ sơ đất đai ;expected=3 tờ trình", "--item", "Trả lời công dân")
    assert act["st"] == "applied"
    act = hanh.json("report", "submit", "--slot", "11", "--done", "Đã thẩm định 2 hồ sơ", "--counts", "5/2/1")
    assert act["st"] in ("applied", "late") and act["id"] == f"r:hanh:{today()}:11"
    assert hanh.json("work", "record", "1", "--state", "done", "--percent", "100", "--result", "3 tờ trình đã ký")["st"] == "applied"

    truong.run("sync")
    day = truong.json("work", "list", "--user", "hanh")["items"][0]
    assert [i["title"] for i in day["items"]] == ["Thẩm định hồ sơ đất đai", "Trả lời công dân"]
    assert [i["n"] for i in day["items"]] == [1, 2] and day["place"] == "home"
    assert day["items"][0]["result"] == "3 tờ trình đã ký" and day["items"][0]["state"] == "done"
    assert day["items"][0]["expected"] == "3 tờ trình"
    report = truong.json("report", "show", f"r:hanh:{today()}:11")
    assert report["done"] == "Đã thẩm định 2 hồ sơ" and report["counts"] == {"received": 5, "settled": 2, "overdue": 1}
    board = truong.json("report", "board")
    row = next(p for p in board["people"] if p["user"] == "hanh")
    assert row["slots"]["11"] in ("on_time", "late", "caught_up")
    assert row["place"] == "home" and row["workday"] in ("registered", "recorded")
    assert not any(p["user"] in ("truong", "lanhdao", "lan") for p in board["people"]), "heads owe nothing; p2 is not p1's business"


def test_board_is_the_same_offline_and_from_the_server(office, client):
    hanh, truong = client("hanh"), client("truong")
    hanh.submit("báo cáo bảng", slot="07")
    hanh.run("work", "register", "--item", "việc")
    truong.run("sync")
    online = office.wire("truong").get(f"/v1/board?unit=p1&date={today()}")
    office.stop()
    offline = truong.json("report", "board", "--unit", "p1", "--date", today())
    for field in ("date", "unit", "slots", "totals"):
        assert offline[field] == online[field], field
    key = lambda p: p["user"]  # noqa: E731
    left, right = sorted(offline["people"], key=key), sorted(online["people"], key=key)
    assert [p["user"] for p in left] == [p["user"] for p in right]
    for a, b in zip(left, right):
        for field in ("registered", "workday", "slots", "place", "name"):
            assert a[field] == b[field], (a["user"], field, a, b)


def test_texts_arrive_byte_for_byte(office, client):
    hanh = client("hanh")
    for text in NAMES:
        hanh.submit(text)
    import unicodedata

    there = {t for t, _ in office.texts()}
    assert {unicodedata.normalize("NFC", t) for t in NAMES} <= there


def test_offline_and_back(office, client):
    """Shown by 3."""
    hanh = client("hanh")
    hanh.run("work", "register", "--item", "Việc trước khi mất mạng")
    hanh.run("sync")
    office.stop()

    assert hanh.json("work", "register", "--item", "Việc lúc mất mạng", "--no-wait", expect=75)["st"] == "queued"
    assert hanh.json("report", "submit", "--slot", "11", "--done", "Báo cáo lúc mất mạng", "--no-wait", expect=75)["st"] == "queued"
    hanh.run("work", "record", "1", "--state", "partial", "--percent", "40", "--result", "làm được một phần", "--no-wait", expect=75)
    hanh.run("report", "comment", f"r:hanh:{today()}:11", "--text", "bổ sung sau", "--no-wait", expect=75)

    # Reading goes on, and shows what was done meanwhile.
    items = hanh.json("work", "list")["items"][0]["items"]
    assert [i["title"] for i in items] == ["Việc trước khi mất mạng", "Việc lúc mất mạng"]
    assert items[0]["state"] == "partial" and items[0]["percent"] == 40
    shown = hanh.json("report", "show", f"r:hanh:{today()}:11")
    assert shown["done"] == "Báo cáo lúc mất mạng" and shown["comments"][0]["text"] == "bổ sung sau"
    assert hanh.json("status")["unsent"] == 4 and hanh.json("status")["online"] is False
    waiting = hanh.outbox()
    assert [w["op"] for w in waiting] == ["workday.register", "report.submit", "workday.record", "report.comment"]
    assert [w["mid"] for w in waiting] == sorted(w["mid"] for w in waiting)
    assert hanh.run("today").out

    office.start()
    hanh.run("sync", expect=0)
    assert hanh.outbox() == [] and hanh.json("status")["unsent"] == 0
    w = office.wire("truong")
    day = w.get(f"/v1/workdays/w:hanh:{today()}")
    assert [i["title"] for i in day["items"]] == ["Việc trước khi mất mạng", "Việc lúc mất mạng"]
    report = w.get(f"/v1/reports/r:hanh:{today()}:11")
    assert report["revision"] == 1 and [c["text"] for c in report["comments"]] == ["bổ sung sau"]

    # Again: 0, and nothing changes; also without any network.
    rev = report["rev"]
    assert hanh.json("report", "submit", "--slot", "11", "--done", "Báo cáo lúc mất mạng")["id"] == report["id"]
    assert w.get(f"/v1/reports/r:hanh:{today()}:11")["rev"] == rev
    office.stop()
    hanh.json("report", "submit", "--slot", "11", "--done", "Báo cáo lúc mất mạng")
    hanh.json("report", "submit", "--slot", "11", "--done", "Báo cáo khác", "--no-wait", expect=75)
    # The same text while it still waits: 75, and no second row.
    hanh.json("report", "submit", "--slot", "11", "--done", "Báo cáo khác", "--no-wait", expect=75)
    assert len(hanh.outbox()) == 1
    office.start()
    hanh.run("sync")
    report = office.wire("truong").get(f"/v1/reports/r:hanh:{today()}:11")
    assert report["revision"] == 2 and report["done"] == "Báo cáo khác"


def test_order_is_kept(office, client):
    hanh = client("hanh")
    office.stop()
    for i in range(12):
        hanh.run("report", "submit", "--slot", "17", "--done", f"bản {i}", "--no-wait", expect=75)
    office.start()
    hanh.run("sync")
    assert [t for t, _ in office.texts()] == [f"bản {i}" for i in range(12)]
    assert office.wire("truong").get(f"/v1/reports/r:hanh:{today()}:17")["done"] == "bản 11"


def test_a_second_device_sees_the_first_ones_work(office, client, tmp_path):
    home, office_pc = client("hanh"), client("hanh", home=tmp_path / "pc")
    home.run("work", "register", "--item", "từ nhà")
    office_pc.run("work", "register", "--item", "từ cơ quan")
    home.run("sync")
    office_pc.run("sync")
    for c in (home, office_pc):
        assert {i["title"] for i in c.json("work", "list")["items"][0]["items"]} == {"từ nhà", "từ cơ quan"}


def test_both_devices_submit_the_same_slot_offline(office, client, tmp_path):
    a, b = client("hanh"), client("hanh", home=tmp_path / "b")
    office.stop()
    a.submit("từ máy A", "--no-wait", slot="17", expect=75)
    b.submit("từ máy B", "--no-wait", slot="17", expect=75)
    office.start()
    a.run("sync")
    b.run("sync")
    assert [t for t, _ in office.texts()] == ["từ máy A", "từ máy B"]


def test_logout_refuses_while_something_is_unsent(office, client):
    hanh = client("hanh")
    office.stop()
    hanh.submit("chưa gửi", "--no-wait", expect=75)
    done = hanh.run("logout", expect=None)
    assert done.code != 0, done
    assert len(hanh.outbox()) == 1
    office.start()
    hanh.run("sync")
    hanh.run("logout")
    assert hanh.run("sync", expect=77)
    assert [t for t, _ in office.texts()] == ["chưa gửi"]
