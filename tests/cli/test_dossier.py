# SPDX-License-Identifier: GPL-3.0-or-later
"""Dossiers from the desk to the register: over the four routes, offline, moved, and approved by who saw another text."""

import json

import pytest

from office import wait_until

ROUTES = {
    # route: what happens between submit and issue: (who, verb)
    "desk": [],
    "leader": [("lanhdao", "approve")],
    "head": [("truong", "endorse")],
    "head_leader": [("truong", "endorse"), ("lanhdao", "approve")],
}


class People(dict):
    """Logged in once, by name."""

    def __init__(self, office):
        super().__init__()
        self.office = office

    def __missing__(self, name):
        self[name] = self.office.client(name)
        self[name].login()
        return self[name]


def with_procedures(office):
    for route in ROUTES:
        office.admin("procedure", "set", f"1.00{route}", "--name", f"Thủ tục {route}", "--field", "Hộ tịch", "--days", "3", "--route", route, "--unit", "p1")
    office.people = People(office)
    return office


def new(clerk, route, *extra):
    done = clerk.run("dossier", "new", "--procedure", f"1.00{route}", "--applicant", "Phạm Đức Ổn", "--phone", "0912345678", "--address", "Ngõ 12", *extra)
    return done.out.strip()


def assigned(clerk, head, officer):
    """A new dossier of the route "head", received, forwarded and assigned to the officer."""
    code = new(clerk, "head")
    do(clerk, "accept", code)
    do(clerk, "forward", code)
    head.run("sync")
    do(head, "assign", code, "--to", officer.user)
    officer.run("sync")
    return code


def shown(person, code):
    return person.json("dossier", "show", code)


def do(person, verb, code, *args, expect=0):
    return person.run("dossier", verb, code, *args, expect=expect)


@pytest.fixture
def office(offices):
    return with_procedures(offices())


@pytest.mark.parametrize("route", ROUTES)
def test_from_the_desk_to_the_register(office, route):
    clerk, officer, head = office.people["motcua"], office.people["hanh"], office.people["truong"]
    registrar = office.people["vanthu"]
    code = new(clerk, route)
    assert code.startswith("H29.12-") and code.endswith("-0001")
    if route == "desk":
        do(clerk, "accept", code, "--take")
        officer = clerk
    else:
        do(clerk, "accept", code)
        do(clerk, "forward", code)
        head.run("sync")
        do(head, "assign", code, "--to", "hanh")
        officer.run("sync")
        assert officer.run("dossier", "list", "--view", "mine", "--json").data["items"][0]["code"] == code
    do(officer, "submit", code, "--text", "Đủ điều kiện, đề nghị duyệt")
    for who, verb in ROUTES[route]:
        person = office.people[who]
        person.run("sync")
        assert [d["code"] for d in person.run("dossier", "list", "--view", "approve", "--json").data["items"]] == [code]
        do(person, verb, code)
    registrar.run("sync")
    do(registrar, "issue", code, "--number", "12/TP", "--date", "2026-11-20")
    clerk.run("sync")
    final = shown(clerk, code)
    there = office.wire("motcua").get(f"/v1/dossiers/{final['id']}")
    assert (final["held_by"], final["held"]) == (there["held_by"], there["held"]) and final["held_by"] == ""
    assert (final["status"], final["decision"]["number"]) == (9, "12/TP")
    ops = [row["op"] for row in final["history"]]
    assert ops[0] == "new" and ops[-1] == "issue" and ("assign" in ops) == (route != "desk")
    office.admin("check")


def test_return_needs_a_word_and_comes_back(office):
    clerk, officer, head = office.people["motcua"], office.people["hanh"], office.people["truong"]
    code = assigned(clerk, head, officer)
    do(officer, "submit", code, "--text", "Lần một")
    head.run("sync")
    do(head, "return", code, expect=65)
    do(head, "return", code, "--reason", "Bổ sung xác minh nơi cư trú")
    officer.run("sync")
    row = officer.run("dossier", "list", "--view", "returned", "--json").data["items"][0]
    assert (row["code"], row["mark"]) == (code, "r")
    do(officer, "submit", code, "--text", "Lần hai")
    assert shown(officer, code)["proposal"]["n"] == 2


def test_a_stale_approval_does_not_approve_another_text(office):
    """Pitfall 33: the head endorses offline what was returned and submitted anew meanwhile."""
    clerk, officer, head, deputy = (office.people[n] for n in ("motcua", "hanh", "truong", "pho"))
    code = assigned(clerk, head, officer)
    do(officer, "submit", code, "--text", "Bản thứ nhất")
    head.run("sync"), deputy.run("sync")
    do(head, "endorse", code, "--no-wait", expect=75)
    do(deputy, "return", code, "--reason", "Thiếu giấy")
    officer.run("sync")
    do(officer, "submit", code, "--text", "Bản thứ hai")
    head.run("sync", expect=10)
    row = head.run("outbox", "list", "--json").data["items"][0]
    assert (row["state"], row["error"]["st"]) == ("needs_person", "conflict")
    assert shown(head, code)["step"] == "at_head"


def test_who_lost_a_dossier_keeps_only_his_own_words(office):
    """Pitfall 15."""
    clerk, officer, head = office.people["motcua"], office.people["hanh"], office.people["truong"]
    code = assigned(clerk, head, officer)
    do(officer, "submit", code, "--text", "Chữ của tôi", "--no-wait", expect=75)
    do(head, "assign", code, "--to", "minh", "--reason", "Chị Hạnh nghỉ")
    officer.run("sync", expect=10)
    assert officer.run("dossier", "list", "--json").data["items"] == []
    row = officer.run("outbox", "list", "--json").data["items"][0]
    assert row["error"]["st"] == "forbidden" and row["args"]["text"] == "Chữ của tôi"


def test_offline_intake_keeps_its_provisional_code(office):
    clerk = office.people["motcua"]
    office.stop()
    done = clerk.run("dossier", "new", "--procedure", "1.00desk", "--applicant", "Hoàng Thị Khuê", "--no-wait", expect=75)
    alias = done.out.strip()
    assert alias == "T-MOT-0001"
    do(clerk, "accept", alias, "--no-wait", expect=75)
    office.start()
    clerk.run("sync")
    d = shown(clerk, alias)
    assert d["code"].endswith("-0001") and alias in d["aliases"] and d["status"] == 2


def test_phones_are_masked_for_who_does_not_call(office):
    clerk, officer, head = office.people["motcua"], office.people["hanh"], office.people["truong"]
    code = new(clerk, "head")
    do(clerk, "accept", code)
    do(clerk, "forward", code)
    head.run("sync")
    assert shown(head, code)["applicant"]["phone"] == "09xx xxx 678"
    assert "address" not in shown(head, code)["applicant"]
    do(head, "assign", code, "--to", "hanh")
    officer.run("sync")
    assert shown(officer, code)["applicant"]["phone"] == "0912345678"


def test_search_needs_no_accents_and_pages_join(office):
    clerk = office.people["motcua"]
    codes = [new(clerk, "head") for _ in range(5)]
    found = clerk.run("dossier", "list", "--search", "pham duc on", "--json").data["items"]
    assert sorted(d["code"] for d in found) == codes
    assert clerk.run("dossier", "list", "--search", "xyz", "--json").data["items"] == []
    seen, after = [], None
    while True:
        page = clerk.run("dossier", "list", "--sort", "code", "--limit", "2", "--json", *(["--after", after] if after else [])).data
        seen += [d["code"] for d in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == codes
    online = clerk.run("dossier", "list", "--online", "--sort", "code", "--json").data["items"]
    assert [d["code"] for d in online] == codes


def test_several_codes_one_result_each(office):
    clerk = office.people["motcua"]
    codes = [new(clerk, "head") for _ in range(3)]
    do(clerk, "accept", codes[1])
    done = clerk.run("dossier", "accept", *codes, "--json", expect=10)
    assert [(r["code"], r["st"]) for r in json.loads(done.out)["data"]] == [(codes[0], "applied"), (codes[1], "rejected"), (codes[2], "applied")]


def test_an_extension_is_told_with_the_due_date(office):
    clerk, leader = office.people["motcua"], office.people["lanhdao"]
    code = new(clerk, "leader")
    do(clerk, "accept", code, "--take")
    do(clerk, "submit", code, "--text", "Đề nghị duyệt")
    leader.run("sync")
    do(leader, "extend", code, "--until", "2099-03-02", "--reason", "Chờ xác minh")
    due = leader.run("dossier", "why-due", code, "--json").data
    assert due["due_at"] == "2099-03-02T17:00:00+07:00" and due["steps"][-1] == {"date": "2099-03-02", "what": "gia hạn", "left": 0}


def test_the_due_command_tells_its_way(office):
    clerk = office.people["motcua"]
    due = clerk.run("due", "--received", "2026-11-16", "--days", "10", "--pause", "2026-11-19..2026-11-26", "--json").data
    assert due["due_at"] == "2026-12-07T17:00:00+07:00" and due["steps"][0]["left"] == 10
    assert clerk.run("due", "--received", "2024-04-26", "--days", "3", "--json").data["due_at"].startswith("2024-05-04")


def test_the_board_tells_load_and_delay(office, tmp_path):
    """The same from the server and from the head's machine; what waits for the citizen is no load and not late."""
    rows = [
        "code,procedure,applicant,status,step,unit,assignee,received_at,due_at",
        "H29.12-260105-0001,1.00head,Một,4,working,p1,hanh,2026-01-05,2026-01-08",
        "H29.12-260105-0002,1.00head,Hai,4,at_head,p1,hanh,2026-01-05,2099-01-08",
        "H29.12-260105-0003,1.00head,Ba,5,,p1,hanh,2026-01-05,2026-01-08",
        "H29.12-260105-0004,1.00head,Bốn,9,,p1,minh,2026-01-05,2026-01-08",
    ]
    (tmp_path / "d.csv").write_text("\n".join(rows) + "\n")
    office.admin("import", "dossiers", tmp_path / "d.csv")
    head = office.people["truong"]
    head.run("sync")
    for where in ([], ["--online"]):
        people = {p["user"]: (p["load"], p["late_dossiers"]) for p in head.json("report", "board", *where)["people"]}
        assert (people["hanh"], people["minh"]) == ((2, 1), (0, 0)), where


def test_ended_dossiers_leave_the_machine_after_their_days(timed_office):
    office, clock = timed_office
    clerk = office.people["motcua"]
    head = office.people["truong"]
    code = new(clerk, "head")
    do(clerk, "accept", code)
    do(clerk, "forward", code)
    head.run("sync")
    do(head, "stop", code, "--reason", "Không đủ điều kiện")
    assert [d["code"] for d in head.json("dossier", "list")["items"]] == [code]
    office.admin("policy", "set", "keep_closed_days", "3")
    clock.set("2026-11-30 09:30:00")
    office.restart()  # the hourly round begins with the server
    head.run("sync")
    wait_until(lambda: head.run("sync") and head.json("dossier", "list")["items"] == [], 20, every=0.2)
    assert head.json("dossier", "list", "--online")["items"][0]["code"] == code
    office.admin("check")


@pytest.fixture
def timed_office(timed, clock):
    return with_procedures(timed), clock
