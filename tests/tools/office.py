# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole office on this machine: congvud with its data, people with their homes and their congvu. Only the real programs."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from clock import merge_env
from faults import build_dir
from wire import Wire

PASSWORD = "Chim-Sao-{}-2026"

UNITS = [("p1", "Phòng Tài nguyên và Môi trường", None), ("p2", "Phòng Tư pháp", None), ("mc", "Bộ phận Một cửa", None)]
PEOPLE = [
    ("hanh", "Nguyễn Thị Hạnh", "p1", "officer"),
    ("minh", "Trần Đức Minh", "p1", "officer"),
    ("truong", "Lê Văn Trường", "p1", "head"),
    ("pho", "Phạm Thu Phó", "p1", "deputy"),
    ("lan", "Đỗ Ngọc Lan", "p2", "officer"),
    ("thu", "Hoàng Anh Thư", "p2", "head"),
    ("lanhdao", "Vũ Quang Lãnh", None, "leader"),
    ("motcua", "Bùi Thị Một", "mc", "clerk"),
    ("vanthu", "Ngô Văn Thư", None, "registrar"),
    ("tiepdan", "Đặng Tiếp Dân", None, "petition"),
]


def program(name: str) -> str:
    path = build_dir() / name
    assert path.exists(), f"{path} is not built"
    return str(path)


def wait_until(what, deadline=10.0, every=0.01, why=""):
    """The first true value of what(); fails when the deadline passes. No deadline here is a promise of speed: a loaded
    machine gets half a minute for everything that is not meant to be immediate."""
    end = time.monotonic() + (deadline if deadline < 5 else max(deadline, 30))
    while True:
        value = what()
        if value:
            return value
        assert time.monotonic() < end, f"not within {deadline} s: {why or what}"
        time.sleep(every)


def bare_env(home: Path) -> dict:
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC", "TMPDIR": str(home / "tmp")}


@dataclass
class Done:
    args: list
    code: int
    out: str
    err: str
    seconds: float

    @property
    def answer(self) -> dict:
        return json.loads(self.out)

    @property
    def data(self):
        return self.answer.get("data")

    @property
    def error(self):
        return self.answer.get("error") or {}

    def __str__(self):
        return f"congvu {' '.join(map(str, self.args))}\n  exit {self.code} after {self.seconds:.2f} s\n  out {self.out!r}\n  err {self.err!r}"


class Office:
    def __init__(self, root: Path, clock=None):
        self.root = Path(root)
        self.data = self.root / "office"
        self.clock = clock
        self.root_unit = None
        self.server = None
        self.port = None
        self.extra_env: dict = {}
        self.log = self.root / "congvud.log"

    # -- administration ------------------------------------------------------------------------------
    def env(self) -> dict:
        base = {"PATH": "/usr/bin:/bin", "HOME": str(self.root), "LANG": "C.UTF-8", "TZ": "UTC"}
        return merge_env(base, self.clock.env if self.clock else {})

    def admin(self, *args, stdin="", expect=0) -> str:
        done = subprocess.run(
            [program("congvud"), *args, "--data", str(self.data)], input=stdin, capture_output=True, text=True, env=self.env(), timeout=60
        )
        assert done.returncode == expect, f"congvud {' '.join(args)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def init(self):
        self.root.mkdir(parents=True, exist_ok=True)
        self.admin("init", "--office", "UBND Phường Thử Nghiệm", "--code", "H29.12", "--admin", "quantri", "--password-stdin", stdin=password("quantri") + "\n")
        self.admin("unit", "add", "vp", "--name", "Ủy ban nhân dân phường")
        for code, name, _ in UNITS:
            self.admin("unit", "add", code, "--name", name, "--parent", "vp")
        for user, name, unit, role in PEOPLE:
            self.add_user(user, name, unit or "vp", role)

    def add_user(self, user, name, unit, role):
        args = ["user", "add", user, "--full-name", name, "--unit", unit, "--role", role, "--phone", "0912345678", "--password-stdin"]
        self.admin(*args, stdin=password(user) + "\n")

    def copy_to(self, root: Path, clock=None) -> "Office":
        assert self.server is None, "a running office cannot be copied"
        other = Office(root, clock)
        other.root.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.data, other.data)
        return other

    # -- the server's life -----------------------------------------------------------------------------
    def start(self, port=None, env=None, args=(), ready=True):
        assert self.server is None
        port_file = self.root / "port"
        port_file.unlink(missing_ok=True)
        if env is not None:
            self.extra_env = env
        listen = f"127.0.0.1:{port if port is not None else self.port or 0}"
        with open(self.log, "ab") as log:
            self.server = subprocess.Popen(
                [program("congvud"), "serve", "--data", str(self.data), "--listen", listen, "--port-file", str(port_file), *args],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=merge_env(self.env(), self.extra_env), start_new_session=True,
            )
        if ready:
            wait_until(lambda: self.server.poll() is not None or port_file.exists() and port_file.read_text().strip(), why="the port file")
            assert self.server.poll() is None, f"congvud ended with {self.server.returncode}: {self.tail()}"
            self.port = int(port_file.read_text().strip().rpartition(":")[2])
            wait_until(self.healthy, why="/healthz")
        return self

    def healthy(self) -> bool:
        assert self.server.poll() is None, f"congvud ended with {self.server.returncode}: {self.tail()}"
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as r:
                return r.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self.server.pid

    def tail(self, n=2000) -> str:
        return self.log.read_text(errors="replace")[-n:] if self.log.exists() else ""

    def stop(self):
        """SIGTERM; the end has to be clean and soon."""
        if self.server is None:
            return
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
        try:
            code = self.server.wait(15)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
            self.server = None
            raise AssertionError("congvud does not end within 15 s of SIGTERM") from None
        self.server = None
        assert code == 0, f"congvud ended with {code} at SIGTERM: {self.tail()}"

    def kill(self):
        if self.server is None:
            return
        self.server.kill()
        self.server.wait()
        self.server = None

    def gone(self) -> bool:
        return self.server.poll() is not None

    def reap(self) -> int:
        code = self.server.wait(20)
        self.server = None
        return code

    def restart(self):
        self.stop()
        return self.start()

    # -- people ----------------------------------------------------------------------------------------
    def wire(self, user, **kw) -> Wire:
        return Wire(self.port, user, password(user), **kw)

    def client(self, user, home=None, clock=None) -> "Client":
        return Client(user, home or self.root / "home" / user, lambda: self.url, clock or self.clock)

    def texts(self, reader="truong", path=None, user=None, wire=None) -> list:
        """Every text of every report as another person sees it: one entry per report and revision, with its id."""
        w = wire or self.wire(reader)
        reports = w.items(path or "/v1/reports?limit=200" + (f"&user={user}" if user else ""))
        out = []
        for short in reports:
            body = w.get(f"/v1/reports/{short['id']}")
            revisions = body.get("revisions") or []
            texts = [r.get("done") for r in revisions]
            if len(revisions) < body.get("revision", 1):  # the history may or may not hold the current one
                texts.append(body.get("done"))
            out += [(t, body["id"]) for t in texts]
        return out


def password(user: str) -> str:
    return PASSWORD.format(user)


class Client:
    """One person's account on one private computer."""

    def __init__(self, user, home: Path, url, clock=None):
        self.user = user
        self.home = Path(home)
        self.url = url if callable(url) else lambda: url
        self.clock = clock
        self.extra: dict = {}
        (self.home / "tmp").mkdir(parents=True, exist_ok=True)

    def env(self, *more: dict) -> dict:
        return merge_env(bare_env(self.home), self.clock.env if self.clock else {}, self.extra, *more)

    def popen(self, *args, env=None, stdin=subprocess.DEVNULL, **kw) -> subprocess.Popen:
        return subprocess.Popen(
            [program("congvu"), *map(str, args)], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.env(env or {}), cwd=self.home, **kw,
        )

    def run(self, *args, expect=0, stdin=None, env=None, timeout=60) -> Done:
        """expect: an exit status, a tuple of them, or None for any."""
        start = time.monotonic()
        done = subprocess.run(
            [program("congvu"), *map(str, args)], input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True, text=True, env=self.env(env or {}), cwd=self.home, timeout=timeout,
        )
        result = Done(list(args), done.returncode, done.stdout, done.stderr, time.monotonic() - start)
        if expect is not None:
            assert done.returncode in (expect if isinstance(expect, tuple) else (expect,)), str(result)
        return result

    def json(self, *args, expect=0, **kw):
        """The `data` of the one object on stdout; the envelope is checked against the exit status."""
        done = self.run(*args, "--json", expect=expect, **kw)
        answer = done.answer
        assert answer["v"] == 1, str(done)
        assert answer["ok"] == (done.code in (0, 75)), str(done)
        if not answer["ok"]:
            assert answer["error"]["code"] and "detail" in answer["error"], str(done)
        return answer.get("data")

    def login(self, *more, server=None, expect=0, secrets="file", env=None) -> Done:
        return self.run(
            "login", "--server", server or self.url(), "--user", self.user, "--password-stdin", "--secrets", secrets, *more,
            stdin=password(self.user) + "\n", expect=expect, env=env,
        )

    def submit(self, text, *more, slot="adhoc", expect=0, **kw) -> Done:
        return self.run("report", "submit", "--slot", slot, "--done", text, *more, expect=expect, **kw)

    def outbox(self, **kw) -> list:
        return self.json("outbox", "list", **kw)["items"]

    def copy_home(self, to: Path) -> "Client":
        shutil.copytree(self.home, to, symlinks=True)
        return Client(self.user, to, self.url, self.clock)

    def account_dir(self, account="default") -> Path:
        return self.home / ".local" / "share" / "congvu" / account


def processes_of(pid: int) -> int:
    """Threads of a process."""
    return len(os.listdir(f"/proc/{pid}/task"))


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")
