# SPDX-License-Identifier: GPL-3.0-or-later
"""congvud import and export: real requests of another city, sheets as Excel makes them, bad lines, second mornings."""

import csv
import gzip
import io
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAP = ROOT / "docs/examples/la311.map"
LA311 = ROOT / "tests/data/la311-2018.csv.gz"


@pytest.fixture
def closed(offices):
    """An office whose server is not running."""
    return offices(start=False)


def put(office, name, text, encoding="utf-8"):
    path = office.root / name
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


def table(office, kind):
    return list(csv.DictReader(io.StringIO(office.admin("export", kind))))


def counted(said):
    return [int(n) for n in re.findall(r"(\d+) (?:mới|đổi|như cũ|lỗi)", said)]


def test_ten_thousand_real_requests(closed):
    path = put(closed, "la311.csv", gzip.decompress(LA311.read_bytes()))
    assert counted(closed.admin("import", "dossiers", path, "--map", MAP)) == [10000, 0, 0, 0]
    closed.admin("check")
    rows = {r["code"]: r for r in table(closed, "dossiers")}
    assert len(rows) == 10000
    first = rows["1-870704814"]  # 01/01/2018 12:00:09 AM in Los Angeles, winter: UTC-8
    assert first["submitted_at"] == "2018-01-01T15:00:09+07:00" and first["ended_at"] == "2018-01-07T01:18:29+07:00"
    assert (first["procedure"], first["channel"], first["status"], first["unit"]) == ("Bulky Items", "online", "10", "office")
    with gzip.open(LA311, "rt", encoding="utf-8", newline="") as f:
        for theirs in csv.DictReader(f):
            ours = rows[theirs["SRNumber"]]
            assert ours["status"] == {"Closed": "10", "Cancelled": "8", "Referred Out": "8"}.get(theirs["Status"], "4")
            assert ours["address"] == theirs["Address"].strip() and ours["note"] == theirs["NCName"].strip()
    # The second morning changes nothing.
    assert counted(closed.admin("import", "dossiers", path, "--map", MAP)) == [0, 0, 10000, 0]


def test_another_year_of_the_same_city(closed):
    """More columns in another order, words the map does not list, summer time."""
    path = put(closed, "2021.csv", "CreatedDate,SRNumber,RequestType,Status,RequestSource,Anonymous,Address,Latitude,ClosedDate,NCName\r\n"
               '07/04/2021 11:30:00 PM,1-2,Bulky Items,Open,Carrier Pigeon,N,"1 MAIN ST, 90012",34.05,,DOWNTOWN\r\n'
               "11/07/2021 03:00:00 AM,1-3,Illegal Vending,Wondering,Letter,Y,,,,\r\n")
    assert counted(closed.admin("import", "dossiers", path, "--map", MAP, "--set", "unit=p1")) == [2, 0, 0, 0]
    a, b = sorted(table(closed, "dossiers"), key=lambda r: r["code"])
    assert (a["submitted_at"], a["channel"], a["status"], a["step"], a["unit"]) == ("2021-07-05T13:30:00+07:00", "direct", "4", "unassigned", "p1")
    assert (b["submitted_at"], b["channel"], b["status"]) == ("2021-11-07T18:00:00+07:00", "post", "4")


def test_imported_dossiers_are_worked_on(closed):
    """Due dates are computed, the desk sees them, and the next code does not collide."""
    closed.admin("procedure", "set", "1.004873", "--name", "Xác nhận hôn nhân", "--days", "3", "--unit", "p1")
    path = put(closed, "d.csv", "Mã hồ sơ;Thủ tục;Chủ hồ sơ;Điện thoại;Trạng thái;Ngày nộp;Đơn vị\r\n"
               "H29.12-261116-0007;1.004873;Phạm Đức Ổn;912345678;2;16/11/2026 8:15;mc\r\n"
               "X-1;lạ;Trần Thị Mỹ Lộc;;chờ phân công;2026-11-23;p1\r\n", "utf-16")
    assert counted(closed.admin("import", "dossiers", path)) == [2, 0, 0, 0]
    a, b = sorted(table(closed, "dossiers"), key=lambda r: r["code"])
    assert (a["received_at"], a["due_at"]) == ("2026-11-16T08:15:00+07:00", "2026-11-19T17:00:00+07:00")
    assert (b["due_at"], b["step"], b["submitted_at"]) == ("", "unassigned", "2026-11-23T08:00:00+07:00")
    closed.start()
    clerk, head = closed.client("motcua"), closed.client("truong")
    clerk.login(), head.login()
    assert [d["code"] for d in clerk.json("dossier", "list", "--view", "all")["items"]] == ["H29.12-261116-0007"]
    clerk.run("dossier", "forward", "H29.12-261116-0007")
    head.run("sync")
    head.run("dossier", "assign", "X-1", "--to", "hanh")
    assert head.json("dossier", "show", "X-1")["assignee"] == "hanh"


def test_a_bad_line_stops_all_and_is_told(closed):
    path = put(closed, "u.csv", 'user,full_name,unit,role,phone\n'
               'an,Lê An,p1,officer,912 345 678\n'
               'AN2,Lê Hai,p1,officer,\n'
               'ba,Lê Ba,khong,officer,\n'
               'bon,Lê Bốn,p1,vua,\n'
               'nam,"Lê\nNăm",p1,Chuyên viên,\n'
               'sau,Lê Sáu TUYỆT MẬT,p1,head,\n'
               'bay,"Lê Bảy,p1,head,\n')
    before = closed.admin("user", "list")
    said = closed.admin("import", "users", path, expect=65)
    assert counted(said) == [2, 0, 0, 5] and "(dòng 3, 4, 5, 8, 9)" in said
    assert closed.admin("user", "list") == before
    assert counted(closed.admin("import", "users", path, "--skip-bad", "--dry-run")) == [2, 0, 0, 5]
    assert closed.admin("user", "list") == before
    slips = closed.root / "slips"
    closed.admin("import", "users", path, "--skip-bad", "--slips", slips)
    closed.admin("check")
    assert {r["user"]: r["phone"] for r in table(closed, "users")}["an"] == "0912345678"
    assert slips.stat().st_mode & 0o777 == 0o600
    code = re.search(r"Lê An\n.*\n.*: (\S+)", slips.read_text()).group(1)
    closed.start()
    an = closed.client("an")
    an.run("login", "--server", closed.url, "--user", "an", "--password-stdin", "--secrets", "file", stdin=code + "\n")


def test_faults_of_file_and_map(closed):
    good = put(closed, "u.csv", "code,name\nx1,Đơn vị một\n")
    for args, code in ((["import", "units", closed.root / "none.csv"], 66), (["import", "units"], 64),
                       (["import", "units", good, "--map", closed.root / "none.map"], 66), (["import", "units", good, "--set", "x"], 64),
                       (["import", "units", good, "--set", "tenx=x"], 65), (["import", "units", good, "--update", "--skip-existing"], 64),
                       (["import", "users", good], 65)):
        closed.admin(*map(str, args), expect=code)
    for text, code in (("[options]\nzone = Mars/Base\n", 78), ("[options]\ndate = ymd\n", 78), ("[cols]\ncode = x\n", 78), ("[columns]\ncode = Mã số\n", 65)):
        closed.admin("import", "units", good, "--map", put(closed, "m.map", text), expect=code)
    closed.admin("import", "units", put(closed, "empty.csv", ""), expect=65)
    strict = put(closed, "v.map", "[values name]\nĐơn vị hai = Hai\n")
    assert counted(closed.admin("import", "units", good, "--map", strict, expect=65)) == [0, 0, 0, 1]


def test_second_morning(closed):
    first = put(closed, "a.csv", "code,name,parent\nx1,Đơn vị một,p1\nx2,Đơn vị hai,x1\n")
    assert counted(closed.admin("import", "units", first)) == [2, 0, 0, 0]
    second = put(closed, "b.csv", "code,name,parent\nx1,Đơn vị một,p1\nx2,Đơn vị hai mới,x1\nx3,Ba,x2\n")
    assert counted(closed.admin("import", "units", second, expect=65)) == [1, 0, 1, 1]
    assert counted(closed.admin("import", "units", second, "--skip-existing")) == [1, 0, 2, 0]
    assert counted(closed.admin("import", "units", second, "--update")) == [0, 1, 2, 0]
    closed.admin("import", "units", put(closed, "c.csv", "code,name,parent\nx1,Đơn vị một,x3\n"), "--update", expect=65)
    whole = closed.admin("export", "units")
    assert counted(closed.admin("import", "units", put(closed, "d.csv", whole))) [0] == 0
    answer = json.loads(closed.admin("import", "units", second, "--json"))
    assert answer["data"]["same"] == 3 and answer["data"]["stored"] is True


@pytest.mark.parametrize("kind", ["units", "users", "procedures", "holidays", "dossiers"])
def test_what_is_exported_comes_in_again(closed, offices, kind):
    header = closed.admin("import", kind, "--template").strip()
    assert closed.admin("export", kind).splitlines()[0] == header
    closed.admin("import", "procedures", ROOT / "tests/data/procedures.csv")
    closed.admin("import", "holidays", put(closed, "h.csv", "date,kind,note\n02/09/2026,OFF,Quốc khánh\n2026-08-22,WORK,\n"))
    closed.admin("import", "dossiers", put(closed, "d.csv", 'code,procedure,applicant,status,step,received_at,note\nA-1,1.001193,"Ổn, ""Út""",4,working,2026-11-23T08:15:00+07:00,"hai\ndòng"\n'))
    whole = closed.admin("export", kind)
    other = offices(start=False)
    if kind == "dossiers":
        other.admin("import", "procedures", ROOT / "tests/data/procedures.csv")
    other.admin("import", kind, put(other, "x.csv", whole), "--update")
    assert sorted(csv.reader(io.StringIO(other.admin("export", kind)))) == sorted(csv.reader(io.StringIO(whole)))


def test_the_demo_office(offices, clock):
    """All states, everybody's week, nothing that check would not pass, and people who can log in."""
    closed = offices(clock=clock, start=False)
    data = closed.root / "mau"
    closed.data = data
    told = closed.admin("demo")
    closed.admin("check")
    rows = table(closed, "dossiers")
    assert len(rows) >= 60 and {r["status"] for r in rows} == {str(n) for n in range(1, 11)}
    assert {r["step"] for r in rows if r["status"] == "4"} == {"unassigned", "working", "at_head", "at_leader", "approved"}
    real = {r["code"] for r in csv.DictReader((ROOT / "tests/data/procedures.csv").open(encoding="utf-8"))}
    assert {r["procedure"] for r in rows} <= real
    people = table(closed, "users")
    assert len(people) == 13 and {r["role"] for r in people} == {"officer", "head", "deputy", "leader", "clerk", "registrar", "petition", "admin"}
    closed.admin("demo", expect=65)
    closed.start()
    lan = closed.client("lan")
    lan.run("login", "--server", closed.url, "--user", "lan", "--password-stdin", "--secrets", "file", stdin=told.splitlines()[0].split()[-1] + "\n")
    assert len(lan.json("dossier", "list", "--view", "all")["items"]) > 5
    assert len(lan.json("report", "list", "--unit", "tp", "--from", "2026-11-01", "--to", "2026-11-30")["items"]) > 10
