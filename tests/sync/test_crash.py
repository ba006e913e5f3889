# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills and disk faults at the n-th write, flush, rename or send, in the client and in the server; then every row is counted."""

import json
import threading

import pytest

from faults import CrashPoint
from judge import Judge
from office import wait_until

CALLS = "pwrite,fdatasync,send"


class ClientCrashes:
    """Runs `report submit` with a kill at its n-th call and says when that was."""

    def __init__(self, office, hanh, path, judge):
        self.office, self.hanh, self.judge = office, hanh, judge
        self.point = CrashPoint(path, exe="congvu")
        self.count = 0

    def submit(self, n, mode="kill", calls=CALLS, stick=False):
        """Returns (exit status, the moment): before the outbox commit, between it and the booking, or after."""
        self.count += 1
        text = f"nhát {self.count} ở {n} {mode}"
        self.point.reset()
        self.point.arm(n, calls, mode, stick)
        done = self.hanh.submit(text, "--retry-until", "+0m", expect=None, env=self.point.env)
        self.judge.promise(text, done.code)
        unsent = self.hanh.json("status")["unsent"]
        if unsent:
            moment = "between"
            self.hanh.run("sync")
        else:
            moment = "after" if text in {t for t, _ in self.office.texts(wire=self.wire)} else "before"
        return done.code, moment

    @property
    def wire(self):
        if not hasattr(self, "_wire"):
            self._wire = self.office.wire("truong")
        return self._wire

    def bounds(self):
        """The calls that lie between the outbox commit and the booking of the result, by halving."""
        assert self.submit(0)[0] == 0
        total = self.point.count
        assert total > 5, "the calls of the client are not seen: the test is void"

        def edge(lo, hi, is_before):
            while lo < hi:
                mid = (lo + hi) // 2
                if self.submit(mid)[1] in is_before:
                    lo = mid + 1
                else:
                    hi = mid
            return lo

        first = edge(1, total, ("before",))
        last = edge(first, total + 1, ("before", "between")) - 1
        return first, last, total


@pytest.fixture
def crashes(office, client, tmp_path):
    hanh = client("hanh")
    hanh.run("sync")
    return ClientCrashes(office, hanh, tmp_path / "ctl", Judge())


def test_kills_between_commit_and_booking(office, crashes, rng, tmp_path):
    """Shown by 4: n from a printed seed; void unless at least 40 of 50 fell between the outbox commit and the booking."""
    first, last, total = crashes.bounds()
    between = 0
    for i in range(30):
        n = rng.randint(first, last) if i % 6 else rng.randint(1, total)
        code, moment = crashes.submit(n, rng.choice(["kill", "torn", "after"]))
        assert code in (-9, 0), code
        between += moment == "between"
    between += server_kills(office, crashes, rng, tmp_path, 20)
    crashes.judge.check([t for t, _ in office.texts()], f"{first}..{last} of {total}")
    print(f"{between} of 50 kills fell between the outbox commit and the booking (calls {first}..{last} of {total})")
    assert between >= 40, f"void: only {between} of 50 fell between the outbox commit and the booking ({first}..{last} of {total})"
    office.admin("check")


def server_kills(office, crashes, rng, tmp_path, times):
    """The server dies at the n-th call of taking the submission. Returns how many times it really did."""
    hanh, judge, hits = crashes.hanh, crashes.judge, 0
    point = CrashPoint(tmp_path / "server-ctl", exe="congvud")
    office.stop()
    office.start(port=office.port, env=point.env)
    point.reset()
    point.arm(0, CALLS)
    hanh.submit("đếm")
    judge.promise("đếm", 0)
    per_request = point.count
    assert per_request >= 3, "the calls of the server are not seen: the test is void"
    for i in range(times):
        text = f"máy chủ chết {i}"
        point.arm_in(rng.randint(1, per_request), calls=CALLS, mode=rng.choice(["kill", "torn", "after"]))
        child = hanh.popen("report", "submit", "--slot", "adhoc", "--done", text, "--retry-until", "+0m")
        wait_until(lambda c=child: office.gone() or c.poll() is not None, 40)
        if office.gone() or point.hit:
            hits += 1
            wait_until(office.gone, 5)
            assert office.reap() == -9, office.tail()
            office.start(port=office.port)
        judge.promise(text, child.wait(60))
        child.stdout.close(), child.stderr.close()
        point.arm(0, CALLS)
        hanh.run("sync")
    office.stop()
    office.start(port=office.port, env={})
    return hits


def test_every_point_once_when_told(office, crashes):
    """One kill at each of the first calls, in order: what the seed might miss."""
    crashes.submit(0)
    for n in range(1, min(crashes.point.count, 25) + 1):
        assert crashes.submit(n)[0] == -9
    crashes.judge.check([t for t, _ in office.texts()])


@pytest.mark.soak
def test_every_call_and_every_mode(office, crashes):
    crashes.submit(0, calls="any")
    for n in range(1, crashes.point.count + 3):
        for mode in ("kill", "torn", "after", "eio", "enospc"):
            crashes.submit(n, mode, "any")
    crashes.judge.check([t for t, _ in office.texts()])


@pytest.mark.parametrize("mode, calls, stick", [("eio", "fdatasync", False), ("eio", "fdatasync", True), ("enospc", "pwrite", True), ("eio", "pwrite", False), ("enospc", "pwrite", False)])
def test_disk_faults_at_the_client(office, crashes, mode, calls, stick):
    """Contract 9, 22: 73 only when the row is truly absent; the base stays whole."""
    crashes.submit(0, calls=calls)
    codes = set()
    for n in range(1, min(crashes.point.count, 16) + 1):
        code, moment = crashes.submit(n, mode, calls, stick)
        codes.add(code)
        assert code in (0, 73, 75), f"{mode} at {calls} {n}: exit {code}, {moment}"
        if code == 73:
            assert moment == "before", (n, mode)
        if code == 75:
            assert moment == "between", (n, mode)
    assert codes & {73, 75}, "no fault had any effect: the test is void"
    crashes.judge.check([t for t, _ in office.texts()])
    checked = crashes.hanh.json("doctor")
    assert all(c["ok"] for c in checked["checks"]), checked


def test_disk_faults_at_the_server(offices, tmp_path, rng):
    """A COMMIT that fails gives 503 to the whole batch and no half effect; the disk comes back and so does the work."""
    point = CrashPoint(tmp_path / "ctl", exe="congvud")
    office = offices(env=point.env)
    w = office.wire("hanh")
    wanted, refused, done = [], 0, 0
    for i in range(24):
        push = [w.adhoc(f"{i}.{k}") for k in range(3)]
        wanted += [json.loads(e)["args"]["done"] for e in push]
        mode, calls = rng.choice([("eio", "fdatasync"), ("enospc", "pwrite"), ("eio", "pwrite")])
        point.arm_in(rng.randint(1, 3), calls=calls, mode=mode, stick=True)
        try:
            r = w.sync_raw(push)
            assert r.status in (200, 503), (r.status, r.body)
            refused += r.status == 503
            if r.status == 503:
                assert "retry-after" in r.headers
            if r.status == 200:
                assert all(x["st"] == "applied" for x in r.json["results"]), r.json
        except OSError:
            w.http.close()
        point.arm(0)
        if office.gone():
            assert office.reap() != 0
            office.start(port=office.port)
        r = w.sync(push)
        done += len(r["results"])
        assert all(x["st"] == "applied" for x in r["results"])
    assert refused >= 10, f"only {refused} commits failed: the test is void"
    assert sorted(t for t, _ in office.texts()) == sorted(wanted)
    office.stop()
    office.start(port=office.port, env={})
    office.admin("check")


def test_two_processes_write_while_one_is_killed(office, client, tmp_path, rng):
    """Cron and the program at once; the holder of the lock dies: the other does not wait for ever."""
    hanh = client("hanh")
    judge = Judge()
    point = CrashPoint(tmp_path / "ctl", exe="congvu")
    for i in range(8):
        point.reset()
        point.arm(rng.randint(1, 40), "any", rng.choice(["kill", "torn", "after"]))
        codes = {}

        def run(text, env):
            codes[text] = hanh.submit(text, expect=None, env=env).code

        threads = [threading.Thread(target=run, args=(f"{i} {k}", point.env if k == 0 else {})) for k in range(3)]
        for t in threads:
            t.start()
        for t in threads:
            t.join(60)
        for text, code in codes.items():
            judge.promise(text, code)
            assert code in (0, 75, -9), (text, code)
    hanh.run("sync")
    judge.check([t for t, _ in office.texts()])


def test_local_lock_while_results_are_booked(office, client, tmp_path):
    """Contract 9, 14: somebody else holds the write lock of the store while the result is to be booked: no resend, no error."""
    import sqlite3

    from proxy import Delay, Proxy

    with Proxy(office.port) as p:
        hanh = office.client("hanh")
        hanh.login(server=p.url)
        p.reset_counts()
        store = next(f for f in hanh.account_dir().iterdir() if f.suffix in (".db", ".sqlite"))
        p.plan = lambda ex: Delay(0.5) if ex.path == "/v1/sync" else None
        child = hanh.popen("report", "submit", "--slot", "adhoc", "--done", "khóa", "--json")
        wait_until(lambda: p.requests("/v1/sync") and p.requests("/v1/sync")[0].status, 10)
        other = sqlite3.connect(store, timeout=5, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert child.poll() is None
        release = threading.Timer(1.5, lambda: None)
        release.start()
        release.join()
        other.execute("ROLLBACK")
        other.close()
        out, err = child.communicate(timeout=40)
        assert child.returncode == 0, (out, err)
        assert sum(b"kh\xc3\xb3a" in e.body for e in p.requests("/v1/sync")) == 1
    assert [t for t, _ in office.texts()] == ["khóa"]


def test_synchronous_is_full(office, client, tmp_path):
    """Contract 9, 23: every acknowledged commit was flushed: without a flush between two answers there was no durability."""
    point = CrashPoint(tmp_path / "ctl", exe="congvud")
    office.stop()
    office.start(env=point.env)
    w = office.wire("hanh")
    point.reset()
    point.arm(0, "fdatasync")
    for i in range(20):
        before = point.count
        w.sync([w.adhoc(f"{i}")])
        assert point.count > before
    hanh = client("hanh")
    own = CrashPoint(tmp_path / "own", calls="fdatasync", exe="congvu")
    hanh.submit("bền", "--no-wait", expect=75, env=own.env)
    assert own.count >= 1
