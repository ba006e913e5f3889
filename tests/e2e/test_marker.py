# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write is found in no file of the private computer. Shown by 6."""

import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from faults import CrashPoint
from marker import MARKER, traces
from office import program
from wire import today

def everything(c):
    """The marker in every text field the commands take."""
    m = MARKER
    yield ["work", "register", "--item", f"{m} việc ;expected={m}", "--no-wait"]
    for flag in ("--done", "--doing", "--blocked", "--proposal", "--event"):
        more = [] if flag == "--done" else ["--done", "x"]
        yield ["report", "submit", "--slot", "adhoc", flag, f"{m} {flag}", *more, "--no-wait"]
    yield ["report", "submit", "--slot", "11", "--done", m, "--no-wait"]
    yield ["report", "comment", f"r:hanh:{today()}:11", "--text", f"{m} nhận xét", "--no-wait"]
    yield ["work", "record", "1", "--state", "partial", "--percent", "10", "--result", f"{m} kết quả", "--no-wait"]


def test_written_offline_sent_and_read_back(office, client):
    since = time.time() - 1
    hanh = client("hanh")
    hanh.run("work", "register", "--item", "việc")
    hanh.run("sync")
    office.stop()
    for args in everything(hanh):
        hanh.run(*args, expect=75)
        hanh.run(*args[:-1], "--account", MARKER.lower(), expect=None)  # also when it fails
        assert traces([hanh.home], since) == [], args
    hanh.run("report", "submit", "--slot", "99", "--done", MARKER, expect=(64, 65))
    assert traces([hanh.home, "/dev/shm", "/var/tmp"], since) == []
    assert traces(["/tmp"], since) == []
    office.start()
    hanh.run("sync")
    assert any(MARKER in t for t, _ in office.texts())
    hanh.run("report", "list")
    hanh.run("today")
    assert traces([hanh.home], since) == []
    assert not [p for p in hanh.home.rglob(f"*{MARKER.lower()}*") if p.is_file()]


def test_dossiers_and_searches(office, client):
    """A citizen's name, phone, address, a note, a proposal, what was searched for: sealed on the disk, also offline."""
    office.admin("procedure", "set", "1.001", "--name", "Thủ tục", "--days", "3", "--route", "desk", "--unit", "p1")
    since = time.time() - 1
    clerk = client("motcua")
    m = MARKER
    person = ["--applicant", f"{m} Ổn", "--phone", "0912345678", "--address", f"{m} ngõ 12", "--note", f"{m} giấy"]
    code = clerk.run("dossier", "new", "--procedure", "1.001", *person).out.strip()
    clerk.run("dossier", "accept", code, "--take")
    office.stop()
    clerk.run("dossier", "new", "--procedure", "1.001", *person, "--no-wait", expect=75)
    clerk.run("dossier", "note", code, "--text", f"{m} ghi chú", "--no-wait", expect=75)
    clerk.run("dossier", "submit", code, "--text", f"{m} trình", "--no-wait", expect=75)
    found = clerk.json("dossier", "list", "--search", m)["items"]
    assert len(found) == 2
    clerk.run("dossier", "show", code), clerk.run("dossier", "history", code)
    assert traces([clerk.home, "/dev/shm", "/var/tmp"], since) == []
    office.start(port=office.port)
    clerk.run("sync")
    clerk.run("dossier", "list", "--search", m, "--online", expect=None)
    assert traces([clerk.home], since) == []
    assert m not in office.tail(1 << 20), "not in the server's log either"


def test_killed_at_any_point(office, client, tmp_path, rng):
    since = time.time() - 1
    hanh = client("hanh")
    point = CrashPoint(tmp_path / "ctl", exe="congvu")
    hanh.submit("đếm", env=point.env)
    total = point.count
    for _ in range(15):
        point.reset()
        point.arm(rng.randint(1, total), "any", rng.choice(["kill", "torn", "after"]))
        hanh.submit(f"{MARKER} {rng.random()}", expect=None, env=point.env)
        assert traces([hanh.home], since) == []


@pytest.mark.parametrize("sig", [signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT])
def test_no_core(office, client, sig):
    """A core file would hold the key and every text."""
    hanh = client("hanh")
    office.stop()
    import socket

    with socket.create_server(("127.0.0.1", office.port)) as mute:  # takes the connection and says nothing
        child = subprocess.Popen(
            [program("congvu"), "report", "submit", "--slot", "adhoc", "--done", MARKER], env=hanh.env(), cwd=hanh.home,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        mute.settimeout(10)
        conn, _ = mute.accept()
        limits = Path(f"/proc/{child.pid}/limits").read_text()
        assert next(line for line in limits.splitlines() if line.startswith("Max core")).split()[4] == "0", limits
        child.send_signal(sig)
        code = child.wait(10)
        conn.close()
    assert code == -sig
    status = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    cores = [p for p in hanh.home.rglob("*core*") if p.is_file()]
    assert not cores, (cores, status)
    office.start(port=office.port)


def test_argv_environment_and_messages_hold_no_password(office):
    from office import password

    since = time.time() - 1
    hanh = office.client("hanh")
    hanh.login()
    secret = password("hanh")
    for path in hanh.home.rglob("*"):
        if path.is_file() and path.stat().st_mtime >= since:
            assert secret.encode() not in path.read_bytes(), path
    assert secret not in office.tail(1 << 20)
    for path in office.data.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
