# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of the same kind that happen to be installed, on the same meter and with as many rows."""

import os
import shutil
import subprocess
import time

import meter

ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def keys(row, name, got):
    row(f"{name}: start to stable first screen", got["start"], "ms")
    row(f"{name}: memory (PSS)", got["pss"], "MiB")
    for key, what in (("down", "one line down"), ("page", "page down")):
        size, bursts, ms = got[key]
        row(f"{name}: {what}", size, "B", None, f"{bursts:.2f} bursts, {ms:.3g} ms")


def mutt(root, n, row):
    box = root / "box"
    with open(box, "w") as f:
        for i in range(n):
            f.write(f"From a@b Mon Nov 23 08:{i % 60:02d}:00 2026\nFrom: Van Anh {i} <a{i}@b.vn>\nTo: c@d\nDate: Mon, 23 Nov 2026 08:{i % 60:02d}:00 +0700\n"
                    f"Subject: Ho so so {i} xin giai quyet\nMessage-ID: <{i}@b>\n\nNoi dung {i}\n\n")
    (root / "Mail").mkdir()  # else it asks
    argv = ["mutt", "-n", "-F", "/dev/null", "-R", "-f", str(box)]
    keys(row, f"mutt, {n:,} messages", meter.screen(argv, {**ENV, "HOME": str(root)}, {"down": ("", "j", ""), "page": ("", "z", "")}, 5))


def tig(root, n, row):
    repo = root / "repo"
    subprocess.run(["git", "init", "-q", "-b", "main", repo], check=True)
    stream = []
    for i in range(n):
        text = f"Hồ sơ số {i} xin giải quyết".encode()
        stream.append(b"commit refs/heads/main\ncommitter A <a@b> %d +0700\ndata %d\n%s\n" % (1700000000 + i, len(text), text))
    subprocess.run(["git", "-C", repo, "fast-import", "--quiet"], input=b"".join(stream), check=True)
    here = os.getcwd()
    os.chdir(repo)
    try:
        keys(row, f"tig, {n:,} commits", meter.screen(["tig"], {**ENV, "HOME": str(root)}, {"down": ("", "j", ""), "page": ("", " ", "")}, 5))
    finally:
        os.chdir(here)


def less(root, n, row):
    path = root / "lines"
    path.write_text("".join(f"H29.12-261201-{i:04d} Đăng ký khai sinh, còn 2 ngày, đã tiếp nhận\n" for i in range(n)))
    keys(row, f"less, {n:,} lines (floor)", meter.screen(["less", str(path)], {**ENV, "HOME": str(root)}, {"down": ("", "j", ""), "page": ("", " ", "")}, 5))


def sqlite(root, n, row):
    db = root / "floor.db"
    subprocess.run(["sqlite3", db], input=f"PRAGMA journal_mode=WAL; CREATE TABLE t(id INTEGER PRIMARY KEY, due INTEGER, x TEXT); CREATE INDEX i ON t(due);"
                   f"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<{n}) INSERT INTO t SELECT i, i*7919%{n}, hex(randomblob(60)) FROM c;",
                   text=True, check=True, stdout=subprocess.DEVNULL)
    row("sqlite3, newest 24 of as many (floor)", meter.times(["sqlite3", db, "SELECT * FROM t ORDER BY due LIMIT 24"], ENV), "ms")
    row("sqlite3, one durable insert (floor)", meter.times(["sqlite3", db, "PRAGMA synchronous=FULL; INSERT INTO t(due,x) VALUES(1,'x')"], ENV), "ms")


def curl(root, n, row):
    import fill
    office = fill.office_at(root / "curl")
    office.start()
    row("curl, one request on loopback (floor)", meter.times(["curl", "-s", "-o", "/dev/null", f"{office.url}/healthz"], ENV), "ms")
    office.stop()


def measure(root, n, row):
    for name, what in (("mutt", mutt), ("tig", tig), ("less", less), ("sqlite3", sqlite), ("curl", curl)):
        if shutil.which(name, path=ENV["PATH"]) and (name != "tig" or shutil.which("git")):
            start = time.monotonic()
            what(root, n, row)
            if time.monotonic() - start > 120:
                row(f"({name} took)", time.monotonic() - start, "s")
