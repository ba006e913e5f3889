# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault tools themselves, against things that are known: Python's HTTP server and SQLite's own shell."""

import http.client
import http.server
import json
import socket
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

import proxy as px
from clock import Clock, merge_env
from faults import CrashPoint, SlowDisk, build_dir
from judge import Judge
from marker import MARKER, traces
from office import wait_until


class Counting(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(body)
        answer = b"got " + body
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def upstream():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    server.got = []
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def middle(upstream):
    with px.Proxy(upstream.server_address[1]) as p:
        p.got = upstream.got
        yield p


def post(p, body, timeout=10):
    conn = http.client.HTTPConnection("127.0.0.1", p.port, timeout=timeout)
    try:
        conn.request("POST", "/v1/sync", body)
        return conn.getresponse().read()
    finally:
        conn.close()


def test_proxy_passes_and_counts(middle):
    conn = http.client.HTTPConnection("127.0.0.1", middle.port)
    for i in range(3):
        conn.request("POST", "/v1/sync", b"%d" % i)
        assert conn.getresponse().read() == b"got %d" % i
    assert (middle.connections, len(middle.requests("/v1/sync"))) == (1, 3)
    assert middle.bytes_up > 100 and middle.bytes_down > 100


def test_proxy_loses_the_reply_after_the_effect(middle):
    middle.plan = px.lose_every_reply_once()
    with pytest.raises((http.client.HTTPException, OSError)):
        post(middle, b"a")
    assert post(middle, b"a") == b"got a"
    assert middle.got == [b"a", b"a"]


def test_proxy_loses_the_request_before_the_effect(middle):
    middle.plan = px.first(1, px.LoseRequest())
    with pytest.raises((http.client.HTTPException, OSError)):
        post(middle, b"a")
    assert middle.got == []


def test_proxy_cuts_the_reply_at_a_byte(middle):
    for n in (1, 20, -1):
        middle.plan = px.first(1, px.Cut(n))
        try:
            got = post(middle, b"a")  # Python, like libcurl, takes a head that ends in its middle for a whole one
        except (http.client.HTTPException, OSError):
            got = b""
        assert got != b"got a"
    assert len(middle.got) == 3


def test_proxy_doubles(middle):
    middle.plan = px.first(1, px.Double())
    assert post(middle, b"a") == b"got a"
    assert middle.got == [b"a", b"a"]


def test_proxy_resets(middle):
    middle.plan = px.first(1, px.Reset())
    with pytest.raises(ConnectionResetError):
        post(middle, b"a")


def test_proxy_reorders(middle):
    go = threading.Event()
    middle.plan = px.first(1, px.Hold(go))
    late = threading.Thread(target=post, args=(middle, b"first"))
    late.start()
    deadline = time.monotonic() + 5
    while not middle.requests() and time.monotonic() < deadline:
        time.sleep(0.005)
    post(middle, b"second")
    go.set()
    late.join(5)
    assert middle.got == [b"second", b"first"]


def test_proxy_throttles_and_delays(middle):
    middle.plan = px.first(1, px.Throttle(200))
    start = time.monotonic()
    assert post(middle, b"x" * 20) == b"got " + b"x" * 20
    assert time.monotonic() - start > 0.3
    middle.plan = px.first(1, px.Delay(0.2))
    start = time.monotonic()
    post(middle, b"a")
    assert time.monotonic() - start > 0.2


def test_proxy_plays_a_captive_portal(middle):
    middle.plan = px.first(1, px.Answer(px.http_reply(200, b"<html>", "text/html")))
    assert post(middle, b"a") == b"<html>"
    assert middle.got == []


def test_seeded_faults_repeat(middle):
    def run():
        plan = px.seeded(7, share=0.7)
        return [repr(plan(px.Exchange(i, 1, "POST", "/v1/sync", b"", b""))) for i in range(30)]

    assert run() == run() and len(set(run())) > 4


# -- preloads ------------------------------------------------------------------------------------------
SQL = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS t(x); INSERT INTO t VALUES(1);"


def sqlite(db, sql, env=None):
    return subprocess.run(
        ["/usr/bin/sqlite3", "-bail", str(db), sql], capture_output=True, text=True, env=merge_env({"PATH": "/usr/bin"}, env or {}), timeout=30
    )


def test_crash_counts_what_sqlite_does(tmp_path):
    point = CrashPoint(tmp_path / "ctl", exe="sqlite3")
    point.log = tmp_path / "log"
    assert sqlite(tmp_path / "db", SQL, point.env).returncode == 0
    names = [line.split()[0] for line in point.log.read_text().splitlines()]
    assert point.count == len(names) > 4
    assert {"pwrite", "fdatasync"} <= set(names)


def test_crash_kills_at_every_point_and_the_base_stays_whole(tmp_path):
    point = CrashPoint(tmp_path / "ctl")
    assert sqlite(tmp_path / "count", SQL, point.env).returncode == 0
    total = point.count
    counts = []
    for n in range(1, total + 1):
        db = tmp_path / f"db{n}"
        point.reset()
        point.arm(n, mode=("kill", "torn", "after")[n % 3])
        assert sqlite(db, SQL, point.env).returncode == -9, (n, total)
        assert point.hit
        rows = sqlite(db, "PRAGMA integrity_check; SELECT count(*) FROM t;").stdout.split()
        counts.append(rows[1] if len(rows) == 2 else "0")
    assert "0" in counts and counts[-1] == "1", counts


def test_crash_returns_errors(tmp_path):
    for mode, calls in (("enospc", "pwrite"), ("eio", "fdatasync")):
        db = tmp_path / mode
        assert sqlite(db, SQL).returncode == 0
        point = CrashPoint(tmp_path / f"ctl-{mode}", calls=calls, mode=mode, at=1, stick=True)
        done = sqlite(db, "INSERT INTO t VALUES(2);", point.env)
        assert done.returncode != 0 and ("full" in done.stderr or "I/O error" in done.stderr), done
        assert point.hit == calls
        assert sqlite(db, "PRAGMA integrity_check;").stdout.strip() == "ok"


def test_crash_can_be_armed_while_running_and_sees_sends(tmp_path):
    point = CrashPoint(tmp_path / "ctl", calls="send")
    a, b = socket.socketpair()
    code = "import socket,sys\ns=socket.socket(fileno=0)\nwhile s.recv(1): s.send(b'y')\n"
    child = subprocess.Popen(["/usr/bin/python3", "-c", code], stdin=b, env=merge_env({"PATH": "/usr/bin"}, point.env))
    b.close()
    a.settimeout(10)
    for _ in range(3):
        a.send(b"x")
        assert a.recv(1) == b"y"
    assert point.count == 3
    point.arm_in(2, calls="send")
    a.send(b"x")
    assert a.recv(1) == b"y"
    a.send(b"x")
    assert a.recv(1) == b"" and child.wait(5) == -9 and point.hit == "send"


def test_slow_disk(tmp_path):
    disk = SlowDisk(tmp_path / "ctl", ms=40)
    start = time.monotonic()
    assert sqlite(tmp_path / "db", SQL, disk.env).returncode == 0
    assert disk.flushes >= 2
    assert time.monotonic() - start >= 0.04 * disk.flushes


def test_clock_moves_while_the_program_runs(tmp_path):
    clock = Clock(tmp_path / "clock", "2026-11-25 06:59:58")
    code = "import sys,time\nfor line in sys.stdin: print(int(time.time()), round(time.monotonic()), flush=True)"
    child = subprocess.Popen(
        ["/usr/bin/python3", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=merge_env({"PATH": "/usr/bin", "TZ": "UTC"}, clock.env)
    )

    def ask():
        child.stdin.write("\n")
        child.stdin.flush()
        return [int(x) for x in child.stdout.readline().split()]

    before, mono = ask()
    assert 0 <= before - 1795564798 <= 2
    clock.set("2026-11-26 00:00:00")
    after, mono2 = ask()
    assert 0 <= after - 1795626000 <= 2 and mono2 - mono <= 2
    child.stdin.close()
    assert child.wait(5) == 0


def test_judge_finds_what_is_wrong():
    judge = Judge()
    for text, code in (("a", 0), ("b", 75), ("c", 73), ("d", -9), ("e", 0)):
        judge.promise(text, code)
    assert judge.verdict(["a", "b", "e"]) == {"lost": [], "doubled": [], "phantom": []}
    assert judge.verdict(["a", "b", "b", "c", "z"]) == {
        "lost": [("e", [0])], "doubled": [("b", 2, [75])], "phantom": [("c", [73]), ("z", "never promised")],
    }
    with pytest.raises(AssertionError):
        judge.check(["a"])


def test_traces_are_found_in_every_form(tmp_path):
    import base64

    raw = MARKER.encode()
    for i, data in enumerate([raw, b"x" + raw.hex().encode(), base64.b64encode(b"ab" + raw + b"c"), base64.b64encode(raw), MARKER.encode("utf-16-le")]):
        (tmp_path / f"f{i}").write_bytes(b"before" + data + b"after")
    (tmp_path / "clean").write_bytes(b"nothing")
    assert len(traces([tmp_path], 0)) == 5
    assert traces([tmp_path], time.time() + 60) == []


def test_a_mute_name_on_a_bus():
    runtime = Path(tempfile.mkdtemp(prefix="cv-mute-"))
    address = f"unix:path={runtime}/bus"
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={address}"], env={"PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    mute = None
    try:
        wait_until(lambda: (runtime / "bus").exists(), 10)
        tool = Path(__file__).resolve().parents[1] / "tools" / "mutebus.py"
        mute = subprocess.Popen([sys.executable, str(tool), f"{runtime}/bus", "org.freedesktop.secrets"], stdout=subprocess.PIPE, text=True)
        assert mute.stdout.readline() == "owned\n"
        start = time.monotonic()
        done = subprocess.run(
            ["gdbus", "call", "--session", "--timeout", "1", "--dest", "org.freedesktop.secrets", "--object-path", "/", "--method", "a.b.C"],
            env={"PATH": "/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS": address}, capture_output=True, text=True, timeout=20,
        )
        assert done.returncode != 0 and "Timeout" in done.stderr and time.monotonic() - start > 0.9, done
    finally:
        for child in (mute, daemon):
            if child:
                child.kill()
                child.wait()
        shutil.rmtree(runtime, ignore_errors=True)


def test_the_load_generator_counts_what_is_answered(tmp_path):
    """Against a server that answers every third request wrongly."""
    count = {"ok": 0, "bad": 0}
    lock = threading.Lock()

    class Answering(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert body["push"][0]["op"] == "report.submit" and self.headers["Authorization"].startswith("Bearer token")
            with lock:
                bad = (count["ok"] + count["bad"]) % 3 == 2
                count["bad" if bad else "ok"] += 1
            answer = b'{"cursor":"c1.x","results":[{"st":"%s"}]}' % (b"rejected" if bad else b"applied")
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    (tmp_path / "devices").write_text("token1 d1 0 k1 c1.0 s1\ntoken2 d2 5 k1 c1.0 s1\n")
    done = subprocess.run([build_dir() / "tests/bench/load", "push", str(server.server_address[1]), tmp_path / "devices", "0.5"], capture_output=True, text=True, timeout=20)
    server.shutdown()
    result = json.loads(done.stdout)
    assert done.returncode == 1 and result["connections"] == 2
    assert 0 <= count["ok"] + count["bad"] - result["done"] <= 2 and 0 <= count["bad"] - result["errors"] <= 2
    assert result["done"] > 10
