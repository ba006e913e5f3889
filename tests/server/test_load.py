# SPDX-License-Identifier: GPL-3.0-or-later
"""Many at once. Shown by 7. The generator is tests/bench/load.c."""

import json
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from faults import SlowDisk, build_dir
from office import cpu_seconds, open_files, processes_of, resident_kb, wait_until
from wire import Wire

pytestmark = pytest.mark.load


def load_program():
    path = build_dir() / "tests" / "bench" / "load"
    assert path.exists(), f"{path} is not built"
    return str(path)


def devices(office, user, n, path):
    """n devices of one user, forked from one login; their tokens in a file for the generator."""
    first = office.wire(user)

    def some(count):
        own = Wire(office.port, user, tokens={"access_token": first.access, "refresh_token": first.refresh, "session": first.session_body})
        out = []
        for _ in range(count):
            w = own.fork()
            w.pull()  # a cursor is a device's own
            w.http.close()
            out.append(w)
        return out

    with ThreadPoolExecutor(4) as pool:
        forks = sum(pool.map(some, [n // 4] * 4), [])
    path.write_text("".join(f"{w.access} {w.device} {w.mid} {w.epoch} {w.cursor} {w.session}\n" for w in forks))


def run_load(*args, timeout=120):
    done = subprocess.run([load_program(), *map(str, args)], capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("seconds", [3, pytest.param(20, marks=pytest.mark.soak)])
def test_durable_operations_on_a_slow_disk(offices, tmp_path, seconds):
    """Contract 9, 24: with fdatasync slowed to 8 ms, 200 connections reach 3,000 durable operations a second. A commit
    for each would reach 125: that is told apart on any machine; the full figure is asked for in the long run."""
    hard = seconds >= 20
    disk = SlowDisk(tmp_path / "disk")
    office = offices(env=disk.env)
    devices(office, "hanh", 200, tmp_path / "devices")
    disk.ms = 8
    before = disk.flushes
    result = run_load("push", office.port, tmp_path / "devices", seconds)
    flushes = disk.flushes - before
    disk.ms = 0
    print(result, "flushes", flushes)
    assert result["errors"] == 0 and result["connections"] == 200
    assert flushes > seconds * 4, "the disk was not asked: not durable"
    assert result["done"] >= 10 * flushes, "no group commit"
    assert result["per_second"] >= (3000 if hard else 250), result
    total = office.wire("truong").items("/v1/reports?limit=200")
    assert len(total) >= result["done"], "acknowledged and not there"


@pytest.mark.parametrize("idle", [2, pytest.param(10, marks=pytest.mark.soak)])
def test_a_thousand_waiting_polls(office, tmp_path, idle):
    """No thread each, no processor time, a change reaches all within 300 ms, and all descriptors come back (contract 9, 25)."""
    hard = idle >= 10
    devices(office, "truong", 1000, tmp_path / "devices")
    threads, files = processes_of(office.pid), open_files(office.pid)
    hanh = office.wire("hanh")
    memory = resident_kb(office.pid)
    child = subprocess.Popen([load_program(), "wait", str(office.port), str(tmp_path / "devices"), "45"], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "waiting\n"
        wait_until(lambda: open_files(office.pid) >= files + 1000, 60)
        used = settled_cpu(office.pid)
        start = time.monotonic()
        while time.monotonic() - start < idle:  # this is the measurement's own length, not a wait for something
            time.sleep(0.1)
        used = cpu_seconds(office.pid) - used
        print("cpu", used, "threads", processes_of(office.pid), "memory kB", resident_kb(office.pid) - memory)
        assert used <= (0.1 if hard else 0.3 * idle), f"{used} s of processor in {idle} s of waiting"
        assert processes_of(office.pid) <= threads + 2
        start = time.monotonic()
        hanh.sync([hanh.adhoc("tin cho tất cả")])
        result = json.loads(child.communicate(timeout=60)[0].splitlines()[-1])
    finally:
        child.kill()
        child.wait()
    print(result)
    assert result["done"] == result["changes"] == 1000 and result["errors"] == 0, result
    print("the last one heard after", round(result["last"] - start, 3), "s")
    assert result["last"] - start < (0.3 if hard else 5), result
    wait_until(lambda: open_files(office.pid) <= files + 5, 60, why="descriptors return to the base")


def settled_cpu(pid):
    """The processor time once arriving is over: unchanged over a tenth of a second."""
    last = [cpu_seconds(pid)]

    def still():
        now = cpu_seconds(pid)
        same = now == last[0]
        last[0] = now
        return same

    wait_until(still, 60, every=0.1)
    return last[0]


def test_waiters_that_vanish(office, tmp_path):
    devices(office, "truong", 300, tmp_path / "devices")
    files = open_files(office.pid)
    for _ in range(3):
        child = subprocess.Popen([load_program(), "wait", str(office.port), str(tmp_path / "devices"), "45"], stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "waiting\n"
        child.kill()
        child.wait()
        child.stdout.close()
    wait_until(lambda: open_files(office.pid) <= files + 5, 60, why="descriptors return to the base")
    hanh = office.wire("hanh")
    assert hanh.sync([hanh.adhoc("vẫn sống")])["results"][0]["st"] == "applied"


def test_sigterm_answers_what_was_taken(offices, tmp_path):
    """Draining: every request that the server took has its answer, and every answer is true; it ends cleanly."""
    disk = SlowDisk(tmp_path / "disk")
    office = offices(env=disk.env)
    first = office.wire("hanh")
    people = [first.fork() for _ in range(12)]
    disk.ms = 300
    sent, answers = [threading.Event() for _ in people], {}

    def push(i, w):
        element = w.adhoc(f"lúc dừng {i}")
        sent[i].set()
        try:
            r = w.sync_raw([element])
            answers[i] = r.status, r.json if r.status == 200 else None
        except OSError as e:  # never taken: the connection was refused or closed before an answer began
            answers[i] = 0, e

    threads = [threading.Thread(target=push, args=(i, w)) for i, w in enumerate(people)]
    for t in threads:
        t.start()
    for e in sent:
        e.wait(30)
    wait_until(lambda: disk.flushes > 0, 30)
    office.stop()  # SIGTERM; has to end with 0
    for t in threads:
        t.join(30)
    disk.ms = 0
    office.start(port=office.port, env={})
    texts = [t for t, _ in office.texts()]
    statuses = [answers[i][0] for i in range(len(people))]
    assert set(statuses) <= {0, 200, 503} and statuses.count(200) >= 1, statuses
    for i in range(len(people)):
        if statuses[i] == 200:
            assert answers[i][1]["results"][0]["st"] == "applied" and texts.count(f"lúc dừng {i}") == 1
        assert texts.count(f"lúc dừng {i}") <= 1
        if statuses[i] == 503:
            assert f"lúc dừng {i}" not in texts, "told to come again, and done all the same"
