# SPDX-License-Identifier: GPL-3.0-or-later
"""POST /v1/sync by hand: identity, results, feed, cursor, reset, epoch, long poll."""

import json
import os
import subprocess
import threading
import time

import pytest

from office import cpu_seconds, program, wait_until
from wire import Wire, today, uuid7


def submit(w, slot, text, **kw):
    return w.element("report.submit", f"r:{w.user}:{today()}:{slot}", {"date": today(), "slot": slot, "done": text}, **kw)


# -- identity ------------------------------------------------------------------------------------------
def test_same_mid_same_bytes_is_one_effect(office):
    w = office.wire("hanh")
    push = [submit(w, "11", "một"), w.adhoc("hai")]
    first = w.sync(push)["results"]
    for _ in range(3):
        again = w.sync(push)["results"]
        for a, b in zip(first, again):
            assert b["dup"] is True and (a["st"], a["rev"], a["id"], a["mid"]) == (b["st"], b["rev"], b["id"], b["mid"])
    assert sorted(t for t, _ in office.texts()) == ["hai", "một"]


def test_same_mid_other_bytes_is_a_forked_device(office):
    w = office.wire("hanh")
    w.sync([w.adhoc("một")])
    other = w.adhoc("hai", mid=1)
    third = w.adhoc("ba")
    r = w.sync_raw([other, third])
    assert r.status == 409 and r.json["code"] == "device-forked" and r.json["mid"] == 1, r.body
    # Even a different spelling of the same operation is other bytes.
    element = w.adhoc("bốn")
    w.sync([element])
    r = w.sync_raw([element.replace('", "', '","')])
    assert r.status == 409, r.body
    texts = [t for t, _ in office.texts()]
    assert "hai" not in texts and texts.count("một") == 1


def test_forked_answers_carry_the_results_before_it(office):
    w = office.wire("hanh")
    w.mid = 4
    w.sync([w.adhoc("năm")])
    push = [w.adhoc("ba", mid=3), w.adhoc("bốn", mid=4), w.adhoc("năm khác", mid=5)]
    r = w.sync_raw(push)
    assert r.status == 409 and r.json["mid"] == 5
    if r.json.get("results"):
        assert [x["mid"] for x in r.json["results"]] == [3, 4]
    f = w.fork()
    done = f.sync([f.adhoc("ba"), f.adhoc("bốn"), f.adhoc("năm khác")])
    assert all(x["st"] == "applied" for x in done["results"])


def test_gaps_in_mid_are_allowed_and_last_mid_follows(office):
    w = office.wire("hanh")
    w.sync([w.adhoc("a", mid=5), w.adhoc("b", mid=900)])
    w.sync([w.adhoc("c", mid=2**40)])
    assert w.get("/v1/session")["last_mid"] == 2**40
    assert len(office.texts()) == 3


def test_two_devices_may_use_the_same_mids(office):
    a, b = office.wire("hanh"), office.wire("hanh")
    assert a.sync([a.adhoc("a")])["results"][0]["st"] == "applied"
    assert "dup" not in b.sync([b.adhoc("b")])["results"][0]
    assert sorted(t for t, _ in office.texts()) == ["a", "b"]


def test_same_requests_from_many_connections_at_once(office):
    w = office.wire("hanh")
    push = [w.adhoc(f"lần {i}") for i in range(20)]
    doubles = [Wire(office.port, "hanh", tokens={"access_token": w.access, "refresh_token": w.refresh, "session": w.session_body}) for _ in range(8)]
    threads = [threading.Thread(target=lambda d=d: d.sync(push)) for d in doubles]
    for t in threads:
        t.start()
    for t in threads:
        t.join(20)
    texts = [t for t, _ in office.texts()]
    assert sorted(texts) == sorted(f"lần {i}" for i in range(20))


# -- results -------------------------------------------------------------------------------------------
def test_every_mid_has_its_result_in_order(office):
    w = office.wire("hanh")
    push = [w.adhoc(f"{i}") for i in range(50)]
    results = w.sync(push)["results"]
    assert [r["mid"] for r in results] == list(range(1, 51))
    assert all(r["st"] == "applied" and r["kind"] == "report" and r["rev"] == 1 and r["recv"] for r in results)


def test_depends(office):
    """After a refused operation the later non-commuting ones on the same object end as depends."""
    w = office.wire("hanh")
    day = f"w:hanh:{today()}"
    eid = uuid7()
    push = [
        w.element("workday.register", day, {"date": today(), "place": "nowhere", "items": [{"eid": eid, "title": "x"}]}),
        w.element("workday.record", day, {"eid": eid, "state": "done", "percent": 100}),
        w.adhoc("không liên quan"),
    ]
    a, b, c = w.sync(push)["results"]
    assert a["st"] == "rejected" and c["st"] == "applied"
    assert b["st"] in ("rejected", "forbidden") and (b["st"] == "forbidden" or b["code"] == "depends")


def test_a_scripts_revision_never_becomes_current_over_a_persons(office):
    from office import password
    from wire import Http

    person = office.wire("hanh")
    person.sync([submit(person, "17", "người viết")])
    r = Http(office.port).request(
        "POST", "/v1/login", {"user": "hanh", "password": password("hanh"), "device_name": "cron", "rights": ["report.write", "sync.own"]}
    )
    script = Wire(office.port, "hanh", tokens=r.json)
    e = script.element("report.submit", f"r:hanh:{today()}:17", {"date": today(), "slot": "17", "done": "máy viết"}, origin="script")
    result = script.sync([e])["results"][0]
    report = person.get(f"/v1/reports/r:hanh:{today()}:17")
    assert report["done"] == "người viết" and result["st"] == "noop" and result["why"] == "superseded", result
    assert "máy viết" in [r["done"] for r in report["revisions"]]


# -- feed and cursor -----------------------------------------------------------------------------------
def test_page_size_one_fifty_changes_in_one_batch_writes_while_paging(office):
    """Contract 9, 5."""
    hanh, truong = office.wire("hanh"), office.wire("truong")
    truong.pull()
    hanh.sync([hanh.adhoc(f"lô {i}") for i in range(50)])
    seen, cursors = [], [truong.cursor]
    for step in range(400):
        a = truong.sync(max=1)
        assert len(a["changes"]) <= 1
        seen += [c["id"] for c in a["changes"]]
        cursors.append(a["cursor"])
        if step % 10 == 5 and step < 60:
            hanh.sync([hanh.adhoc(f"giữa chừng {step}")])
        if not a["more"] and not a["changes"]:
            break
    assert {b["done"] for b in truong.kind("report").values()} == {f"lô {i}" for i in range(50)} | {f"giữa chừng {s}" for s in range(5, 50, 10)}
    assert len(seen) == len(set(seen)) == 55
    moved = [c for i, c in enumerate(cursors) if i == 0 or c != cursors[i - 1]]
    assert len(moved) == len(set(moved)), "a cursor came back"


def test_a_touched_object_comes_once_at_its_newest(office):
    hanh, truong = office.wire("hanh"), office.wire("truong")
    truong.pull()
    for i in range(5):
        hanh.sync([submit(hanh, "11", f"bản {i}")])
    a = truong.sync()
    assert [(c["op"], c["rev"], c["body"]["done"]) for c in a["changes"] if c["kind"] == "report"] == [("put", 5, "bản 4")]


def test_idle_polls_return_the_same_cursor(office):
    """Contract 9, 6."""
    w = office.wire("truong")
    w.pull()
    answers = [w.sync() for _ in range(3)]
    assert all(a["changes"] == [] and a["results"] == [] and not a["more"] and a["reset"] is None for a in answers)
    assert len({a["cursor"] for a in answers} | {w.cursor}) == 1


@pytest.mark.parametrize("cursor", ["", "garbage", "c1.", "c1.AAAA", "c1." + "9" * 300, "c1.-5", "\u0000x".replace("\u0000", "0"), "c99.zzz", "é" * 40, "null"])
def test_garbage_cursors_mean_a_fresh_start(office, cursor):
    w = office.wire("hanh")
    w.sync([w.adhoc("có sẵn")])
    w.pull()
    a = w.sync(cursor=cursor)
    ids = {c["id"] for c in a["changes"]}
    while a["more"]:
        a = w.sync()
        ids |= {c["id"] for c in a["changes"]}
    assert "hanh" in ids and "p1" in ids and any(b.get("done") == "có sẵn" for b in w.kind("report").values())


def test_a_strangers_cursor_means_a_fresh_start(office):
    hanh, lan, truong = office.wire("hanh"), office.wire("lan"), office.wire("truong")
    hanh.sync([hanh.adhoc("của p1")])
    truong.pull()
    lan.epoch, lan.cursor = truong.epoch, truong.cursor
    lan.pull()
    assert not lan.kind("report") and "lan" in lan.kind("user")


def test_a_cursor_of_the_future_means_a_fresh_start(office, offices):
    """As after a restore without a new epoch: a cursor beyond the counter must not hide what comes."""
    other = offices()
    w = office.wire("truong")
    h = office.wire("hanh")
    for i in range(30):
        h.sync([h.adhoc(f"{i}")])
    w.pull()
    v = other.wire("truong")
    v.pull()
    v.cursor = w.cursor
    o = other.wire("hanh")
    o.sync([o.adhoc("mới")])
    v.pull()
    assert [b["done"] for b in v.kind("report").values()] == ["mới"]


def test_snapshot_holds_catalogues_and_nothing_of_others(office):
    w = office.wire("lan")
    w.pull()
    assert {"vp", "p1", "p2", "mc"} <= set(w.kind("unit")) and {"hanh", "truong", "quantri"} <= set(w.kind("user"))
    assert not w.kind("report")


def test_pages_end_at_256_kib(office):
    hanh, truong = office.wire("hanh"), office.wire("truong")
    truong.pull()
    big = {"date": today(), "slot": "adhoc"} | {field: "x" * 16000 for field in ("done", "doing", "blocked", "proposal")}
    for _ in range(16):
        assert hanh.sync([hanh.element("report.submit", uuid7(), big)])["results"][0]["st"] == "applied"
    sizes, n = [], 0
    while True:
        r = truong.sync_raw()
        sizes.append(len(r.body))
        n += len(r.json["changes"])
        truong.book(r.json)
        if not r.json["more"]:
            break
    assert n == 16 and len(sizes) >= 3 and max(sizes) < 2 * 256 * 1024


def test_moved_to_another_unit_drops_what_was_the_old_heads(office):
    hanh, truong, thu = office.wire("hanh"), office.wire("truong"), office.wire("thu")
    hanh.sync([hanh.adhoc("trước khi chuyển")])
    truong.pull(), thu.pull()
    assert len(truong.kind("report")) == 1 and not thu.kind("report")
    office.admin("user", "set", "hanh", "--unit", "p2")
    resets = [a["reset"] for a in hanh.pull() if a["reset"]]
    assert resets and resets[0]["reason"] == "rights"
    hanh.sync([hanh.adhoc("sau khi chuyển")])
    thu.pull()
    truong.pull()
    assert "sau khi chuyển" in {b["done"] for b in thu.kind("report").values()}
    assert "sau khi chuyển" not in {b["done"] for b in truong.kind("report").values()}


def test_want_sends_again(office):
    w = office.wire("hanh")
    w.sync([submit(w, "11", "mất bản trên máy")])
    w.pull()
    a = w.sync(want=[{"kind": "report", "id": f"r:hanh:{today()}:11"}, {"kind": "report", "id": f"r:minh:{today()}:11"}, {"kind": "nonsense", "id": "x"}])
    puts = {c["id"]: c for c in a["changes"] if c["op"] == "put"}
    assert puts[f"r:hanh:{today()}:11"]["body"]["done"] == "mất bản trên máy"
    assert f"r:minh:{today()}:11" not in puts


def test_random_devices_end_with_what_the_server_has(office, rng):
    """Many writers, readers that page at random sizes and lose answers: every copy ends equal to the server's lists."""
    writers = [office.wire(u) for u in ("hanh", "minh", "pho")]
    readers = [office.wire("truong") for _ in range(3)]
    for _ in range(60):
        who = rng.choice(writers + readers)
        if who in writers:
            who.sync([who.adhoc(f"{rng.random()}") if rng.random() < 0.5 else submit(who, rng.choice(["07", "11", "17"]), f"{rng.random()}")])
        else:
            who.sync(max=rng.choice([1, 2, 7, 200]), book=rng.random() < 0.7)
    for r in readers:
        r.pull(max=rng.choice([1, 5, 200]))
        there = {i["id"]: i["rev"] for i in readers[0].items("/v1/reports?unit=p1")}
        assert {i: b["rev"] for i, b in r.kind("report").items()} == there


# -- long poll -----------------------------------------------------------------------------------------
def waiting(w, seconds=20):
    out = {}

    def run():
        start = time.monotonic()
        out["answer"] = w.sync(wait=seconds)
        out["at"] = time.monotonic()
        out["took"] = out["at"] - start

    t = threading.Thread(target=run)
    t.start()
    out["thread"] = t
    return out


def test_long_poll_delivers(office):
    hanh, truong = office.wire("hanh"), office.wire("truong")
    truong.pull()
    for i in range(10):
        out = waiting(truong)
        start = time.monotonic()
        hanh.sync([hanh.adhoc(f"tin {i}")])
        out["thread"].join(10)
        assert out["at"] - start < 2
        assert [c["body"]["done"] for c in out["answer"]["changes"]] == [f"tin {i}"]


def test_long_poll_of_a_stranger_sleeps_on(office):
    hanh, lan = office.wire("hanh"), office.wire("lan")
    lan.pull()
    out = waiting(lan, 2)
    hanh.sync([hanh.adhoc("không phải việc của Lan")])
    out["thread"].join(10)
    assert out["answer"]["changes"] == [] and 1.5 < out["took"] < 6


def test_any_new_request_of_the_device_ends_the_poll(office):
    w = office.wire("hanh")
    w.pull()
    cursor = w.cursor
    twin = Wire(office.port, "hanh", tokens={"access_token": w.access, "refresh_token": w.refresh, "session": w.session_body})
    twin.epoch, twin.cursor, twin.session = w.epoch, w.cursor, w.session
    out = waiting(w, 30)

    def poll_is_there():
        """The poll is at the server when a second one of this device ends it; until then it is still on its way."""
        twin.sync(book=False)
        return not out["thread"].is_alive()

    wait_until(poll_is_there, 10, every=0.05)
    assert out["took"] < 10 and out["answer"]["changes"] == [] and out["answer"]["cursor"] == cursor


def test_a_poll_with_a_push_does_not_wait(office):
    w = office.wire("hanh")
    w.pull()
    start = time.monotonic()
    w.sync([w.adhoc("gấp")], wait=30)
    assert time.monotonic() - start < 5


def test_polls_end_when_the_server_ends(office):
    w = office.wire("hanh")
    w.pull()
    out = {}

    def run():
        try:
            out["reply"] = w.sync_raw(wait=45)
        except OSError as e:
            out["reply"] = e

    t = threading.Thread(target=run)
    t.start()
    start = time.monotonic()
    office.stop()
    t.join(10)
    assert not t.is_alive() and time.monotonic() - start < 5


# -- the server's data ---------------------------------------------------------------------------------
def test_killed_server_has_each_acknowledged_row_once(office, rng):
    """Contract 9, 2: kill -9 at random points, replay: every count is 1."""
    w = office.wire("hanh")
    wanted, open_push = [], []
    for life in range(8):
        stop = time.monotonic() + rng.uniform(0.02, 0.15)
        killer = threading.Timer(rng.uniform(0.01, 0.1), office.server.kill)
        killer.start()
        while time.monotonic() < stop + 5:
            if not open_push:
                open_push = [w.adhoc(f"đời {life} mid {w.mid + 1}") for _ in range(rng.randrange(1, 6))]
                wanted += [json.loads(e)["args"]["done"] for e in open_push]
            try:
                r = w.sync_raw(open_push)
            except OSError:
                w.http.close()
                break
            if r.status == 200:
                assert all(x["st"] == "applied" for x in r.json["results"])
                open_push = []
        killer.join()
        office.kill()
        office.start(port=office.port)
    if open_push:
        w.sync(open_push)
    assert sorted(t for t, _ in office.texts()) == sorted(wanted)
    office.admin("check")


def test_epoch_changes_with_a_restore_and_work_comes_back_once(office, client):
    """Contract 9, 7: snapshot, submit 20, restore, sync: all 20 there once."""
    hanh = client("hanh")
    hanh.submit("trước bản sao")
    backup = office.root / "backup"
    office.admin("backup", str(backup))
    for i in range(20):
        hanh.submit(f"sau bản sao {i}", "--no-wait", expect=75)
    hanh.run("sync")
    office.admin("restore", str(backup), expect=75)  # a running server keeps its data
    w = office.wire("truong")
    w.pull()
    old = w.epoch
    office.stop()
    office.admin("restore", str(backup))
    office.start(port=office.port)
    assert [t for t, _ in office.texts()] == ["trước bản sao"]
    hanh.run("sync")
    assert sorted(t for t, _ in office.texts()) == sorted(["trước bản sao"] + [f"sau bản sao {i}" for i in range(20)])
    hanh.run("sync")
    assert len(office.texts()) == 21
    v = office.wire("truong")
    v.pull()
    assert v.epoch != old
    assert len(hanh.json("report", "list")["items"]) == 21
    office.admin("check")
    assert backup.stat().st_mode & 0o777 == 0o600
    aside = list(office.data.glob("before-restore-*.db"))
    assert len(aside) == 1, "what was there before is kept"


def test_what_is_new_waits_for_what_was_lost(office, client):
    """Restored, and the line comes back with a newer text waiting: the older one, pushed again, must not lie over it."""
    hanh = client("hanh")
    backup = office.root / "backup"
    office.admin("backup", str(backup))
    hanh.submit("bản cũ, đã xác nhận", slot="11")
    hanh.run("work", "register", "--item", "việc đã đăng ký")
    office.stop()
    hanh.submit("bản mới, chờ gửi", "--no-wait", slot="11", expect=75)
    hanh.run("work", "record", "1", "--state", "done", "--no-wait", expect=75)
    office.admin("restore", str(backup))
    office.start(port=office.port)
    hanh.run("sync")
    truong = office.wire("truong")
    report = truong.get(f"/v1/reports/r:hanh:{today()}:11")
    assert report["done"] == "bản mới, chờ gửi" and [r["done"] for r in report["revisions"]] == ["bản cũ, đã xác nhận"]
    assert truong.get(f"/v1/workdays/w:hanh:{today()}")["items"][0]["state"] == "done"
    assert hanh.outbox() == []


def test_restore_refuses_what_is_no_backup(office):
    """Nothing is touched: the office serves what it had."""
    w = office.wire("hanh")
    w.sync([w.adhoc("còn nguyên")])
    office.stop()
    junk = office.root / "junk"
    for content in (b"", b"not a database" * 500, (office.data / "office.db").read_bytes()[:20000]):
        junk.write_bytes(content)
        done = subprocess.run([program("congvud"), "restore", str(junk), "--data", str(office.data)], env=office.env(), capture_output=True, text=True)
        assert done.returncode in (65, 66, 70, 78) and done.stderr, done
    assert not list(office.data.glob("before-restore-*")) and not (office.data / "restore.part").exists()
    office.start(port=office.port)
    assert [t for t, _ in office.texts()] == ["còn nguyên"]


def test_refresh_after_a_restore_logs_nobody_out(timed):
    """The token has been renewed since the backup: its generation is of the server's lost future, not a thief's."""
    hanh = timed.client("hanh")
    hanh.login()
    backup = timed.root / "b"
    timed.admin("backup", str(backup))
    for _ in range(3):
        timed.clock.advance(16 * 60)
        hanh.run("sync")
    timed.stop()
    timed.admin("restore", str(backup))
    timed.start(port=timed.port)
    timed.clock.advance(16 * 60)
    hanh.submit("vẫn đăng nhập")
    assert [t for t, _ in timed.texts()] == ["vẫn đăng nhập"]


def test_a_text_that_is_too_long_is_answered_by_its_number(office):
    """The operation is refused, remembered, and blocks nobody: pushed again it is the same answer."""
    w = office.wire("hanh")
    push = [w.adhoc("x" * 70000), w.adhoc("vừa"), w.element("report.submit", "r" * 70000, {"date": today()})]
    a, b, c = w.sync(push)["results"]
    assert (a["st"], a["mid"], b["st"], b["mid"]) == ("rejected", 1, "applied", 2), (a, b)
    assert (c["st"], c["mid"]) == ("rejected", 3) and len(json.dumps(c)) < 1000
    again = w.sync(push)["results"]
    assert [r["mid"] for r in again] == [1, 2, 3] and all(r["dup"] for r in again)


def test_a_new_try_in_sight_of_the_refusal_is_taken(office):
    """A refusal stands against what was made before it was seen (ack), not for ever."""
    w = office.wire("hanh")
    day, eid = f"w:hanh:{today()}", uuid7()
    w.sync([w.element("workday.register", day, {"date": today(), "items": [{"eid": eid, "title": "x"}]})])
    bad = w.element("workday.record", day, {"eid": uuid7(), "state": "done"})
    assert w.sync([bad])["results"][0]["st"] == "rejected"
    blind = w.sync([w.element("workday.record", day, {"eid": eid, "state": "doing"})], ack=1)["results"][0]
    assert (blind["st"], blind["code"]) == ("rejected", "depends")
    assert w.sync([w.element("workday.record", day, {"eid": eid, "state": "done"})], ack=3)["results"][0]["st"] == "applied"


@pytest.mark.parametrize("kind", ["office", "timed"])
def test_idle_server_uses_no_processor(request, kind):
    """Also where the clock is a set one: a wait on it must not spin."""
    office = request.getfixturevalue(kind)
    ws = [office.wire("truong")]
    ws[0].pull()
    out = waiting(ws[0], 3)
    before = cpu_seconds(office.pid)
    out["thread"].join(10)
    assert cpu_seconds(office.pid) - before <= 1, "of 3 seconds"
    assert os.path.exists(f"/proc/{office.pid}")


