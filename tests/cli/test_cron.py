# SPDX-License-Identifier: GPL-3.0-or-later
"""As cron runs it: hardly any environment, no terminal, several at once, a keyring that is open, locked or mute. Shown by 8."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from office import build_dir, program, wait_until

TOOLS = Path(__file__).resolve().parents[1] / "tools"
needs_helper = pytest.mark.skipif(not (build_dir() / "congvu-secret").exists(), reason="congvu-secret is not built")


def cron(c, *args, env=None, timeout=60):
    """env -i HOME=…: not even PATH."""
    start = time.monotonic()
    done = subprocess.run([program("congvu"), *args], env={"HOME": str(c.home)} | (env or {}), cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
    done.seconds = time.monotonic() - start
    return done


def test_submit_from_an_empty_environment(office, client):
    hanh = client("hanh")
    done = cron(hanh, "report", "submit", "--slot", "11", "--done", "Từ cron, đủ dấu: Đặng Ngọc Ánh")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "") or (done.returncode, done.stderr) == (0, ""), done
    assert [t for t, _ in office.texts()] == ["Từ cron, đủ dấu: Đặng Ngọc Ánh"]
    office.stop()
    done = cron(hanh, "report", "submit", "--slot", "17", "--done", "lúc mất mạng", "--no-wait")
    assert done.returncode == 75, done
    office.start()
    done = cron(hanh, "sync")
    assert (done.returncode, done.stderr) == (0, ""), done
    assert {t for t, _ in office.texts()} == {"Từ cron, đủ dấu: Đặng Ngọc Ánh", "lúc mất mạng"}


def test_account_of_its_own_for_cron(office, client):
    hanh = client("hanh")
    hanh.login("--for-cron")
    assert hanh.account_dir("cron").is_dir()
    done = cron(hanh, "--account", "cron", "report", "submit", "--slot", "11", "--done", "máy gửi")
    assert done.returncode == 0, done
    report = office.wire("truong").items("/v1/reports")[0]
    full = office.wire("truong").get(f"/v1/reports/{report['id']}")
    assert full["origin"] == "script"
    hanh.submit("người sửa lại", slot="11")
    assert cron(hanh, "--account", "cron", "report", "submit", "--slot", "11", "--done", "máy gửi lần hai").returncode in (0, 10)
    assert office.wire("truong").get(f"/v1/reports/{report['id']}")["done"] == "người sửa lại"


def test_without_a_home(office, client):
    """HOME missing: the password database is asked, nothing is guessed."""
    done = subprocess.run([program("congvu"), "status", "--json"], env={}, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    assert done.returncode in (0, 77, 78), done
    done = subprocess.run([program("congvu"), "status"], env={"HOME": "/nonexistent/x"}, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    assert done.returncode in (73, 77, 78) and done.stderr, done


def test_many_at_once(office, client):
    hanh = client("hanh")
    procs = [hanh.popen("report", "submit", "--slot", "adhoc", "--done", f"cùng phút {i}") for i in range(10)]
    assert {p.wait(60) for p in procs} <= {0, 75}, [p.stderr.read() for p in procs]
    hanh.run("sync")
    assert sorted(t for t, _ in office.texts()) == sorted(f"cùng phút {i}" for i in range(10))


def test_a_full_disk_says_not_saved(office, client):
    """A tiny file system that is full: 73, and nothing is claimed."""
    probe = subprocess.run(["unshare", "-Urm", "true"], capture_output=True)
    if probe.returncode:
        pytest.skip("no user namespaces here")
    hanh = client("hanh")
    home = hanh.home
    script = f"""
        set -e
        mount -t tmpfs -o size=3m tmpfs {home}/tmp
        cp -a {home}/.local {home}/tmp/ && cp -a {home}/.config {home}/tmp/ 2>/dev/null || true
        dd if=/dev/zero of={home}/tmp/fill bs=4k 2>/dev/null || true
        HOME={home}/tmp {program('congvu')} report submit --slot adhoc --done "$(printf 'x%.0s' $(seq 16000))" --no-wait --json
    """
    done = subprocess.run(["unshare", "-Urm", "/bin/bash", "-c", script], capture_output=True, text=True, env=hanh.env(), timeout=60)
    assert done.returncode == 73 and '"ok":false' in done.stdout.replace(" ", ""), done


# -- keyrings ------------------------------------------------------------------------------------------
@pytest.fixture
def bus():
    """A session bus as a cron job finds it: only through XDG_RUNTIME_DIR."""
    runtime = Path(tempfile.mkdtemp(prefix="cv-bus-"))
    runtime.chmod(0o700)
    address = f"unix:path={runtime}/bus"
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={address}"], env={"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(runtime)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: (runtime / "bus").exists(), 10)
    children = []
    yield runtime, address, children
    for child in children:
        child.kill()
        child.wait()
    daemon.terminate()
    daemon.wait(10)
    shutil.rmtree(runtime, ignore_errors=True)


@pytest.fixture
def keyring(bus, tmp_path):
    runtime, address, children = bus
    home = tmp_path / "keyring-home"
    home.mkdir()
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "DBUS_SESSION_BUS_ADDRESS": address, "LANG": "C.UTF-8"}
    daemon = subprocess.Popen(["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"], stdin=subprocess.PIPE, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children.append(daemon)
    daemon.stdin.write(b"mat-khau-kho")
    daemon.stdin.close()
    wait_until(lambda: gdbus(env, "org.freedesktop.DBus.Properties.Get", "org.freedesktop.Secret.Service", "Collections").returncode == 0, 10, every=0.1)
    return env


def gdbus(env, method, *args):
    return subprocess.run(
        ["gdbus", "call", "--session", "--timeout", "5", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets", "--method", method, *args],
        env=env, capture_output=True, text=True, timeout=20,
    )


def lock(env):
    collections = gdbus(env, "org.freedesktop.DBus.Properties.Get", "org.freedesktop.Secret.Service", "Collections").stdout
    for part in collections.split("'")[1::2]:
        if part.startswith("/org/freedesktop/secrets/collection/"):
            assert gdbus(env, "org.freedesktop.Secret.Service.Lock", f"['{part}']").returncode == 0


@needs_helper
def test_keyring_unlocked_locked_and_unlocked_again(office, keyring):
    hanh = office.client("hanh")
    runtime = {"XDG_RUNTIME_DIR": keyring["XDG_RUNTIME_DIR"]}
    hanh.login(secrets="libsecret", env=runtime)
    done = cron(hanh, "report", "submit", "--slot", "07", "--done", "kho mở", env=runtime)
    assert done.returncode == 0, done
    lock(keyring)
    done = cron(hanh, "report", "submit", "--slot", "11", "--done", "kho đóng", env=runtime)
    assert done.returncode == 77 and done.stderr and done.seconds < 5, done
    relock = subprocess.run(["gnome-keyring-daemon", "--replace", "--unlock", "--components=secrets", "--daemonize"], input=b"mat-khau-kho", env=keyring, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)
    assert relock.returncode == 0
    try:
        assert wait_until(lambda: cron(hanh, "sync", env=runtime).returncode == 0, 10, every=0.2)
        assert sorted(t for t, _ in office.texts()) == ["kho mở", "kho đóng"]
    finally:
        end_keyring(keyring)


def end_keyring(env):
    """The daemon that replaced ours went to the background: found by its control directory, ended by its id."""
    for proc in Path("/proc").iterdir():
        if proc.name.isdigit():
            try:
                if b"gnome-keyring" in (proc / "cmdline").read_bytes() and env["XDG_RUNTIME_DIR"].encode() in (proc / "environ").read_bytes():
                    os.kill(int(proc.name), 15)
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue


@needs_helper
def test_a_keyring_that_never_answers(office, keyring, bus, tmp_path):
    """Contract 9, 17: 77 within 5 s, the report queued, and no key file appears (18)."""
    hanh = office.client("hanh")
    hanh.login(secrets="libsecret", env={"XDG_RUNTIME_DIR": keyring["XDG_RUNTIME_DIR"]})
    before = {p.name for p in hanh.account_dir().iterdir()}
    mute_dir = Path(tempfile.mkdtemp(prefix="cv-mute-"))
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address=unix:path={mute_dir}/bus"], env={"PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: (mute_dir / "bus").exists(), 10)
    mute = subprocess.Popen([sys.executable, str(TOOLS / "mutebus.py"), f"{mute_dir}/bus", "org.freedesktop.secrets"], stdout=subprocess.PIPE, text=True)
    try:
        assert mute.stdout.readline() == "owned\n"
        done = cron(hanh, "report", "submit", "--slot", "11", "--done", "kho câm", env={"XDG_RUNTIME_DIR": str(mute_dir)})
        assert done.returncode == 77 and done.seconds < 5, (done, done.seconds)
    finally:
        mute.kill(), mute.wait()
        daemon.terminate(), daemon.wait(10)
        shutil.rmtree(mute_dir, ignore_errors=True)
    done = cron(hanh, "report", "submit", "--slot", "17", "--done", "không có bus")
    assert done.returncode == 77 and done.seconds < 5, done
    assert not {p.name for p in hanh.account_dir().iterdir()} - before - {n for n in before} - {"store.db-wal", "store.db-shm", "sync.lock", "refresh.lock"}
    assert cron(hanh, "sync", env={"XDG_RUNTIME_DIR": keyring["XDG_RUNTIME_DIR"]}).returncode == 0
    assert sorted(t for t, _ in office.texts()) == ["kho câm", "không có bus"]


def test_secret_command_that_hangs_is_not_waited_for(office):
    hanh = office.client("hanh")
    conf = hanh.home / ".config" / "congvu" / "congvu.conf"
    conf.parent.mkdir(parents=True)
    key = hanh.home / "key"
    key.write_bytes(os.urandom(32).hex().encode())
    conf.write_text(f"secret_command = cat {key}\n")
    conf.chmod(0o600)
    done = hanh.login(secrets="command", expect=None)
    if done.code != 0:
        pytest.fail(f"login --secrets command: {done}")
    hanh.submit("mở bằng lệnh")
    conf.write_text("secret_command = sleep 60\n")
    done = hanh.submit("lệnh treo", expect=77)
    assert done.seconds < 15
    conf.write_text(f"secret_command = cat {key}\n")
    hanh.run("sync")
    assert sorted(t for t, _ in office.texts()) == ["lệnh treo", "mở bằng lệnh"]
