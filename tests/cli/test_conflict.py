# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server could not take: seen, changed and sent again, or given up; never lost without a person's word."""

import pytest


@pytest.fixture
def two(office, tmp_path):
    """The same clerk at two desks, each with the same dossier on the screen."""
    office.admin("procedure", "set", "1.001", "--name", "Thủ tục", "--days", "3", "--route", "desk", "--unit", "p1")
    a, b = office.client("motcua", tmp_path / "a"), office.client("motcua", tmp_path / "b")
    a.login(), b.login()
    code = a.run("dossier", "new", "--procedure", "1.001", "--applicant", "Phạm Ổn").out.strip()
    b.run("sync")
    return a, b, code


def clash(two, mine, theirs):
    a, b, code = two
    a.run("sync"), b.run("sync")
    b.run("dossier", "edit", code, "--applicant", mine, "--no-wait", expect=75)
    a.run("dossier", "edit", code, "--applicant", theirs)
    b.run("sync", expect=10)
    (row,) = b.json("conflict", "list")["items"]
    assert row["error"]["st"] == "conflict" and row["args"]["applicant"]["name"] == mine
    return row["mid"]


def applicant(client, code):
    client.run("sync", expect=(0, 10))
    return client.json("dossier", "show", code)["applicant"]["name"]


def test_keep_mine_keep_theirs_merge(two):
    a, b, code = two
    mid = clash(two, "Của tôi", "Của họ")
    shown = b.json("conflict", "show", mid)
    assert shown["args"]["applicant"]["name"] == "Của tôi" and shown["theirs"]["applicant"]["name"] == "Của họ"
    assert "Của tôi" in b.run("conflict", "show", mid).out and "Của họ" in b.run("conflict", "show", mid).out
    assert applicant(b, code) == "Của họ", "what is refused is not drawn"
    assert b.json("conflict", "keep-mine", mid)["st"] == "applied"
    assert applicant(a, code) == "Của tôi" and b.outbox() == []

    mid = clash(two, "Lần hai", "Họ lần hai")
    b.run("conflict", "keep-theirs", mid)
    assert applicant(b, code) == "Họ lần hai" and b.outbox() == []

    mid = clash(two, "Lần ba", "Họ lần ba")
    b.run("conflict", "merge", mid, expect=64)
    b.run("conflict", "merge", mid, "--set", "nothing=x", expect=64)
    assert b.json("conflict", "merge", mid, "--set", 'applicant={"name":"Chung"}')["st"] == "applied"
    assert applicant(a, code) == "Chung" and b.outbox() == []
    b.run("conflict", "show", mid, expect=65)


def test_a_refused_report_is_changed_and_sent_again(timed):
    """Nine days without a line: the day is too old for the server, the text is not lost."""
    hanh = timed.client("hanh")
    hanh.login()
    timed.stop()
    hanh.submit("viết trên tàu", "--no-wait", expect=75)
    timed.clock.advance(9 * 86400)
    timed.start(port=timed.port)
    hanh.run("sync", expect=10)
    (row,) = hanh.outbox()
    assert row["state"] == "needs_person" and row["args"]["done"] == "viết trên tàu"
    hanh.run("outbox", "retry", row["mid"], expect=10)
    (row,) = hanh.outbox()
    done = hanh.run("outbox", "edit", row["mid"], "--set", "date=2026-12-04", "--json")
    assert done.data["st"] == "applied" and done.data["mid"] > row["mid"]
    assert hanh.outbox() == []
    assert [t for t, _ in timed.texts()] == ["viết trên tàu"]
