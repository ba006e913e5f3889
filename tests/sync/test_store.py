# SPDX-License-Identifier: GPL-3.0-or-later
"""The store on the private computer: damaged, of an older and of a newer program."""

import sqlite3

import pytest


def store_of(c):
    return c.account_dir() / "store.db"


def flat(c):
    """All of it in one file, nothing in the log."""
    db = sqlite3.connect(store_of(c))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


@pytest.fixture
def waiting(office, client):
    """Three acts queued, some objects there, the server away."""
    hanh = client("hanh")
    for i in range(10):
        hanh.submit(f"cũ {i}", "--no-wait", expect=75)
    hanh.run("sync")
    office.stop()
    for i in range(3):
        hanh.submit(f"chờ {i}", "--no-wait", expect=75)
    flat(hanh)
    return hanh


def pages_of(path, table):
    """The pages of a table's tree, its root first."""
    db = sqlite3.connect(path)
    root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    return root, size


@pytest.mark.parametrize("table", ["object", "archive", "draft"])
def test_a_damaged_table_costs_nobody_his_words(office, waiting, table):
    hanh = waiting
    root, size = pages_of(store_of(hanh), table)
    with open(store_of(hanh), "r+b") as f:
        f.seek((root - 1) * size)
        f.write(b"\xa5" * size)
    hanh.submit("sau khi hỏng", "--no-wait", expect=(75,))
    office.start(port=office.port)
    for _ in range(3):  # who meets the damage first says so; the next one works
        if hanh.run("sync", expect=None).code == 0:
            break
    hanh.run("sync")
    assert sorted(t for t, _ in office.texts()) == sorted([f"cũ {i}" for i in range(10)] + [f"chờ {i}" for i in range(3)] + ["sau khi hỏng"])
    assert len(hanh.json("report", "list")["items"]) == 14
    mids = [hanh.json("report", "submit", "--slot", "adhoc", "--done", "số mới")["mid"]]
    assert mids[0] > 14
    if table != "draft":
        assert list(hanh.account_dir().glob("damaged-*.db"))


def test_a_file_that_is_none(office, waiting):
    """Nothing can be read any more: it is kept, it is told, and after a login work goes on."""
    hanh = waiting
    store_of(hanh).write_bytes(b"\xa5" * 100000)
    done = hanh.run("status", expect=77)
    assert done.err
    (aside,) = hanh.account_dir().glob("damaged-*.db")
    assert aside.read_bytes() == b"\xa5" * 100000
    office.start(port=office.port)
    hanh.login()
    hanh.submit("từ đầu")
    assert "từ đầu" in {t for t, _ in office.texts()}


def test_a_newer_store_is_left_alone(office, waiting):
    hanh = waiting
    db = sqlite3.connect(store_of(hanh))
    db.execute("PRAGMA user_version=99")
    db.commit()
    db.close()
    before = store_of(hanh).read_bytes()
    for args in (["status"], ["report", "submit", "--slot", "adhoc", "--done", "x", "--no-wait"], ["sync"]):
        done = hanh.run(*args, expect=78)
        assert done.err
    assert store_of(hanh).read_bytes() == before


FIRST = {  # as the first version made it: table -> columns
    "meta": "name TEXT PRIMARY KEY, value TEXT NOT NULL",
    "sealed_meta": "name TEXT PRIMARY KEY, value BLOB NOT NULL",
    "outbox": "mid INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,"
    " state INTEGER NOT NULL, attempts INTEGER NOT NULL, box BLOB NOT NULL, result BLOB",
    "archive": "mid INTEGER PRIMARY KEY, op TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,"
    " booked INTEGER NOT NULL, rev INTEGER NOT NULL, box BLOB NOT NULL, result BLOB NOT NULL",
    "object": "kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, gen INTEGER NOT NULL, owner TEXT NOT NULL,"
    " unit TEXT NOT NULL, day TEXT NOT NULL, slot TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)",
    "draft": "name TEXT PRIMARY KEY, box BLOB NOT NULL",
}


def test_an_older_store_is_brought_up(office, waiting):
    """The first version's file: the later steps are run, the queue is sent, nothing is asked for anew."""
    hanh = waiting
    now = sqlite3.connect(store_of(hanh))
    old = sqlite3.connect(hanh.home / "old.db")
    for table, columns in FIRST.items():
        old.execute(f"CREATE TABLE {table} ({columns}){'' if 'INTEGER PRIMARY KEY' in columns else ' WITHOUT ROWID'}")
        names = [r[1] for r in old.execute(f"PRAGMA table_info({table})")]
        rows = now.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()
        old.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", rows)
    old.execute("CREATE INDEX outbox_object ON outbox (id, op, mid)")
    old.execute("CREATE INDEX archive_object ON archive (id, op, mid)")
    old.execute("CREATE INDEX object_day ON object (kind, day, id)")
    old.execute("PRAGMA user_version=1")
    old.commit()
    old.close(), now.close()
    for end in ("", "-wal", "-shm"):
        (hanh.account_dir() / f"store.db{end}").unlink(missing_ok=True)
    (hanh.home / "old.db").rename(store_of(hanh))
    office.start(port=office.port)
    hanh.run("sync")
    assert len(office.texts()) == 13 and hanh.outbox() == []
    assert len(hanh.json("report", "list")["items"]) == 13


def test_a_newer_office_is_left_alone(office):
    office.stop()
    db = sqlite3.connect(office.data / "office.db")
    db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    db.commit()
    db.close()
    office.admin("check", expect=78)
    office.admin("backup", str(office.root / "b"), expect=78)


@pytest.mark.parametrize("name, sql", [
    ("audit", "UPDATE audit SET actor = 'lan' WHERE seq = (SELECT max(seq) - 1 FROM audit)"),
    ("audit", "DELETE FROM audit WHERE seq = (SELECT max(seq) - 1 FROM audit)"),
    ("audit", "UPDATE audit SET rev = rev + 1 WHERE seq = 2"),
    (None, "UPDATE object SET rev = rev + 1 WHERE kind = 'report'"),
    (None, "DELETE FROM feed WHERE kind = 'report'"),
    (None, "UPDATE counter SET n = 1"),
    (None, "UPDATE device SET last_mid = 0"),
])  # fmt: skip
def test_check_sees_what_was_edited_behind_the_servers_back(office, name, sql):
    w = office.wire("hanh")
    w.sync([w.adhoc("một"), w.adhoc("hai")])
    office.stop()
    office.admin("check")
    db = sqlite3.connect(office.data / "office.db")
    assert db.execute(sql).rowcount > 0
    db.commit()
    db.close()
    out = office.admin("check", expect=70)
    assert name is None or "audit-chain\tSAI" in out.replace("WRONG", "SAI"), out


def test_a_cache_nobody_renews_is_closed(timed):
    """Policy cache_days: fifteen days without the office the machine shows nothing; writing goes on; a sync opens it."""
    hanh = timed.client("hanh")
    hanh.login()
    hanh.submit("có trên máy", slot="11")
    timed.stop()
    timed.clock.advance(13 * 86400)
    shown = "report", "show", "r:hanh:2026-11-25:11"
    assert hanh.json(*shown)["done"] == "có trên máy"
    timed.clock.advance(2 * 86400)
    done = hanh.run(*shown, expect=77)
    assert "có trên máy" not in done.out and "15" in done.err
    hanh.run("report", "list", expect=77), hanh.run("dossier", "list", expect=77)
    hanh.submit("vẫn viết được", "--date", "2026-12-10", "--no-wait", expect=75)
    assert len(hanh.outbox()) == 1
    timed.start(port=timed.port)
    hanh.run("sync")
    assert hanh.json(*shown)["done"] == "có trên máy" and hanh.outbox() == []
