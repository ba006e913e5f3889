# SPDX-License-Identifier: GPL-3.0-or-later
"""Pitfalls of the contract that need more than one request: writers and a reader, a kill while pulling, a long reset."""

import threading
import time

import pytest

import proxy as px
from faults import CrashPoint
from office import wait_until


def test_sixteen_writers_and_a_tailing_reader(office, rng):
    """Contract 9, 3: whoever reads behind the writers page by page has everything at the end, each once."""
    reader = office.wire("truong")
    reader.pull()
    first = office.wire("hanh")
    writers = [first.fork() for _ in range(16)]
    errors = []

    def write(w, pauses):
        try:
            for i, pause in enumerate(pauses):
                threading.Event().wait(pause)
                w.sync([w.adhoc(f"{w.device} {i} {k}") for k in range(3)])
        except Exception as e:  # noqa: BLE001 - told at the end
            errors.append(e)

    threads = [threading.Thread(target=write, args=(w, [rng.random() / 50 for _ in range(6)])) for w in writers]
    for t in threads:
        t.start()
    seen = []
    while any(t.is_alive() for t in threads):
        seen += [c["id"] for c in reader.sync(max=rng.choice([1, 3, 20]))["changes"] if c["kind"] == "report"]
    for t in threads:
        t.join()
    for answer in reader.pull(max=7):
        seen += [c["id"] for c in answer["changes"] if c["kind"] == "report"]
    assert not errors, errors[0]
    assert len(seen) == len(set(seen)) == 16 * 6 * 3


def rows(c):
    return {r["id"]: r["rev"] for r in c.json("report", "list", "--user", "hanh")["items"]}


def test_killed_between_any_two_writes_while_pulling(office, client, tmp_path, rng):
    """Contract 9, 4: the cursor never stands before the data: after a kill the next sync brings what is missing."""
    head = client("truong")
    hanh = office.wire("hanh")
    point = CrashPoint(tmp_path / "ctl", calls="pwrite,fdatasync", exe="congvu")
    head.run("sync")
    hanh.sync([hanh.adhoc("đếm")])
    head.run("sync", env=point.env)
    total, hits = point.count, 0
    assert total > 2, "the writes of a pull are not seen: the test is void"
    for i in range(16):
        hanh.sync([hanh.adhoc(f"{i} {k}") for k in range(3)])
        point.reset()
        point.arm(rng.randint(1, total), "pwrite,fdatasync", rng.choice(["kill", "torn", "after"]))
        hits += head.run("sync", expect=None, env=point.env).code == -9
        if i % 4 == 3:
            head.run("sync")
            assert rows(head) == {r["id"]: r["rev"] for r in hanh.items("/v1/reports?limit=200")}
    assert hits >= 8, f"only {hits} of 16 were killed: the test is void"


def test_the_list_keeps_its_rows_until_the_last_page_of_a_reset(office, client, tmp_path):
    """Contract 9, 8 and 32: cut in the middle of a reset the list is as long as before, and nothing unsent is gone."""
    w = office.wire("hanh")
    for i in range(0, 240, 60):
        w.sync([w.adhoc(f"{k}") for k in range(i, i + 60)])
    with px.Proxy(office.port) as line:
        hanh = office.client("hanh")
        hanh.login(server=line.url)
        before = len(hanh.json("report", "list")["items"])
        assert before == 240
        office.stop()
        hanh.submit("chờ qua lần tải lại", "--no-wait", expect=75)
        backup = tmp_path / "backup"
        office.admin("backup", str(backup))
        office.admin("restore", str(backup))
        office.start(port=office.port)
        line.reset_counts()
        go = threading.Event()
        line.plan = lambda ex: px.Hold(go) if len(line.requests("/v1/sync")) > 1 else None
        child = hanh.popen("sync")
        wait_until(lambda: len(line.requests("/v1/sync")) > 1, 30, why="the second page")
        assert len(hanh.json("report", "list")["items"]) >= before
        child.kill()
        child.wait()
        child.stdout.close(), child.stderr.close()
        go.set()
        assert len(hanh.json("report", "list")["items"]) >= before
        line.plan = None
        wait_until(lambda: hanh.run("sync", expect=None).code == 0, 30, every=0.3)
        assert len(hanh.json("report", "list")["items"]) == before + 1 and hanh.outbox() == []
    assert len(w.items("/v1/reports?limit=200")) == 241


@pytest.mark.soak
def test_a_poll_survives_fifty_seconds_of_silence(office, proxy, pty):
    """Contract 9, 19: the low-speed limit is for transfers; a poll on which nothing happens is answered at its end."""
    head = office.client("truong")
    head.login(server=proxy.url)
    pty(head)

    def polls():
        return [e for e in proxy.requests("/v1/sync") if b"prefer: wait=" in e.request.lower()]

    poll = wait_until(polls, 30)[0]
    wait_until(lambda: poll.status, 80)
    assert poll.status == 200 and time.monotonic() - poll.at > 40
    wait_until(lambda: len(polls()) > 1, 30, why="the next poll")
