# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes, exit statuses and manners of the commands."""

import json
import os
import stat

import pytest

from wire import today

WRONG_USAGE = [
    ["report", "submit"],
    ["report", "submit", "--slot"],
    ["report", "submit", "--slot", "11", "--no-such-flag"],
    ["report", "nonsense"],
    ["nonsense"],
    ["work", "record"],
]
WRONG_DATA = [
    ["report", "submit", "--slot", "12", "--done", "x"],
    ["report", "submit", "--slot", "11", "--date", "2026-02-30", "--done", "x"],
    ["report", "submit", "--slot", "11", "--date", "2199-01-01", "--done", "x"],
    ["report", "submit", "--slot", "11", "--done", "x", "--counts", "a/b/c"],
    ["report", "submit", "--slot", "11", "--done", "x", "--health", "superb"],
    ["work", "record", "99", "--state", "done"],
    ["work", "record", "một", "--state", "done"],
    ["work", "record", "1", "--state", "perfect"],
    ["work", "record", "1", "--percent", "101"],
]


@pytest.mark.parametrize("args", WRONG_USAGE + WRONG_DATA, ids=" ".join)
def test_wrong_input_stores_nothing(office, client, args):
    hanh = client("hanh")
    hanh.run("work", "register", "--item", "việc")
    office.stop()
    done = hanh.run(*args, expect=(64, 65))
    assert done.err and not done.out, "talk belongs on stderr"
    assert "%" not in done.err or "%s" not in done.err
    done = hanh.run(*args, "--json", expect=(64, 65))
    answer = done.answer
    assert answer["ok"] is False and answer["error"]["code"] and answer["error"]["detail"]
    assert hanh.outbox() == []


def test_wrong_usage_and_wrong_data_are_told_apart(office, client):
    hanh = client("hanh")
    for args in WRONG_USAGE:
        hanh.run(*args, expect=64)
    hanh.run(*WRONG_DATA[1], expect=65)
    hanh.run("report", "submit", "--slot", "11", "--from", hanh.home / "no-such-file", expect=66)


def test_help_on_every_level(office):
    hanh = office.client("hanh")
    for args in ([], ["report"], ["report", "submit"], ["work"], ["work", "register"], ["login"], ["sync"], ["outbox"]):
        for flag in ("--help", "-h"):
            done = hanh.run(*args, flag)
            assert done.out.strip(), args
    assert hanh.run("--version").out.strip()


def test_before_login(office):
    hanh = office.client("hanh")
    for args in (["status"], ["report", "list"], ["sync"]):
        assert hanh.run(*args, expect=None).code in (77, 78), args
    assert hanh.run("report", "submit", "--slot", "11", "--done", "x", expect=None).code in (77, 78)


def test_wrong_password_and_wrong_server(office):
    hanh = office.client("hanh")
    wrong = "Khong-Phai-Mat-Khau"
    done = hanh.run("login", "--server", office.url, "--user", "hanh", "--password-stdin", "--secrets", "file", stdin=wrong + "\n", expect=77)
    assert wrong not in done.out + done.err and done.err
    hanh.login(server="http://127.0.0.1:1", expect=69)
    hanh.login(server="http://example.invalid", expect=(64, 78))
    hanh.login("--ca", "/etc/hostname", expect=64)
    assert not (hanh.account_dir() / "tokens").exists()
    hanh.login()


def test_another_user_into_a_directory_with_unsent_rows(office, client):
    hanh = client("hanh")
    office.stop()
    hanh.submit("của Hạnh", "--no-wait", expect=75)
    office.start()
    minh = office.client("minh", home=hanh.home)
    minh.login(expect=64)
    hanh.run("sync")
    assert [t for t, _ in office.texts()] == ["của Hạnh"]


def test_files_are_private(office, client):
    hanh = client("hanh")
    hanh.submit("riêng")
    seen = 0
    for top, dirs, files in os.walk(hanh.home):
        if "congvu" not in top:
            continue
        assert stat.S_IMODE(os.stat(top).st_mode) & 0o077 == 0, top
        for name in files:
            seen += 1
            assert stat.S_IMODE(os.stat(os.path.join(top, name)).st_mode) & 0o077 == 0, (top, name)
    assert seen >= 3


def test_a_key_file_open_to_others_is_refused(office, client):
    hanh = client("hanh")
    keys = [p for p in hanh.account_dir().iterdir() if p.is_file() and p.stat().st_size <= 128 and "lock" not in p.name]
    assert keys, list(hanh.account_dir().iterdir())
    for key in keys:
        key.chmod(0o644)
    assert hanh.run("sync", expect=None).code in (77, 78)
    for key in keys:
        key.chmod(0o600)
    hanh.run("sync")


def test_silent_on_success_without_a_terminal(office, client):
    hanh = client("hanh")
    done = hanh.run("report", "submit", "--slot", "11", "--done", "x")
    assert done.err == ""
    assert hanh.run("sync").err == ""


def test_empty_lists_are_successes(office, client):
    hanh = client("hanh")
    for args in (["report", "list"], ["work", "list"], ["outbox", "list"]):
        data = hanh.json(*args)
        assert data["items"] == [] and data.get("next") is None
        hanh.run(*args)


def test_plain_rows_and_no_control_bytes(office, client):
    hanh, truong = client("hanh"), client("truong")
    evil = "đỏ \x1b[31m\x07 \u202e ngược \u200b"
    done = hanh.run("report", "submit", "--slot", "11", "--done", evil, expect=(0, 65))
    if done.code == 65:
        office.wire("hanh").sync([office.wire("hanh").adhoc(evil)])
    truong.run("sync")
    for args in (["report", "list", "--user", "hanh"], ["report", "board"], ["report", "show", f"r:hanh:{today()}:11"]):
        for flags in ([], ["--plain"]):
            done = truong.run(*args, *flags, expect=None)
            assert not any(c in done.out + done.err for c in "\x1b\x07\u202e"), (args, done.out)
    plain = truong.run("report", "list", "--user", "hanh", "--plain").out
    assert all("\t" in line for line in plain.splitlines())


def test_from_file_and_stdin_and_sections(office, client):
    hanh = client("hanh")
    path = hanh.home / "bc.txt"
    path.write_text("done: đã làm\n  dòng hai\ndoing: đang làm\nblocked: vướng\nproposal: đề nghị\n")
    hanh.run("report", "submit", "--slot", "07", "--from", path)
    hanh.run("report", "submit", "--slot", "11", "--from", "-", stdin="chỉ là chữ\nhai dòng\n")
    a = hanh.json("report", "show", f"r:hanh:{today()}:07")
    assert (a["doing"], a["blocked"], a["proposal"]) == ("đang làm", "vướng", "đề nghị") and a["done"].startswith("đã làm")
    b = hanh.json("report", "show", f"r:hanh:{today()}:11")
    assert b["done"].strip() == "chỉ là chữ\nhai dòng"


def test_fill_takes_the_days_work(timed):
    hanh = timed.client("hanh")
    hanh.login()
    assert hanh.run("report", "submit", "--slot", "11", "--fill", expect=65)
    hanh.run("work", "register", "--item", "Soạn tờ trình", "--item", "Họp giao ban")
    hanh.run("work", "record", "1", "--state", "done", "--percent", "100", "--result", "xong")
    hanh.run("report", "submit", "--slot", "11", "--fill")
    report = hanh.json("report", "show", f"r:hanh:{timed.clock.date()}:11")
    assert "Soạn tờ trình" in report["done"] and "Họp giao ban" in report["doing"]


def test_secret_of_the_state_is_refused_before_the_outbox(office, client):
    hanh = client("hanh")
    office.stop()
    marks = ["[MẬT] kế hoạch", "Công văn số 5 TUYỆT MẬT", "TỐI MẬT: danh sách", "(MẬT)", "MẬT"]
    for text in marks:
        done = hanh.run("report", "submit", "--slot", "adhoc", "--done", text, "--json", expect=65)
        assert done.error["code"] == "state-secret", done
        hanh.run("work", "register", "--item", text, expect=65)
    assert hanh.outbox() == []
    for text in ["đổi mật khẩu", "QUY CHẾ BẢO MẬT THÔNG TIN", "mật ong rừng", "bí mật kinh doanh"]:
        hanh.submit(text, "--no-wait", expect=75)
    found = [p for p in hanh.home.rglob("*") if p.is_file() and "kế hoạch".encode() in p.read_bytes()]
    assert not found


def test_outbox_show_and_drop(timed):
    """Only what a person has to decide about can be dropped: what may be on its way is never given up."""
    hanh = timed.client("hanh")
    hanh.login()
    timed.stop()
    hanh.submit("quá hạn nhận", "--date", timed.clock.date(-7), "--no-wait", slot="17", expect=75)
    hanh.submit("giữ lại", "--no-wait", expect=75)
    first, second = hanh.outbox()
    assert hanh.json("outbox", "show", second["mid"])["mid"] == second["mid"]
    hanh.run("outbox", "drop", second["mid"], expect=65)
    timed.clock.advance(2 * 86400)  # meanwhile the day has become too old
    timed.start()
    hanh.run("sync", expect=10)
    (left,) = hanh.outbox()
    assert left["mid"] == first["mid"] and left["state"] == "needs_person" and left["error"]
    hanh.run("outbox", "drop", left["mid"])
    assert hanh.outbox() == []
    hanh.run("sync")
    assert [t for t, _ in timed.texts()] == ["giữ lại"]


def test_doctor_says_what_is_wrong(office, client):
    hanh = client("hanh")
    checks = hanh.json("doctor")["checks"]
    assert len(checks) >= 5 and all({"name", "ok", "detail", "hint"} <= set(c) for c in checks)
    assert all(c["ok"] for c in checks), checks
    office.stop()
    done = hanh.run("doctor", "--json", expect=None)
    assert done.code != 0
    bad = [c for c in done.data["checks"] if not c["ok"]]
    assert bad and all(c["hint"] for c in bad)


def test_json_is_one_object(office, client):
    hanh = client("hanh")
    for args in (["status"], ["today"], ["sync"], ["report", "list"], ["report", "board"], ["work", "list"], ["outbox", "list"], ["doctor"]):
        done = hanh.run(*args, "--json", expect=None)
        assert isinstance(json.loads(done.out), dict) and done.code in (0, 10), (args, done)


def test_unknown_options_in_the_configuration_are_warnings(office, client):
    hanh = client("hanh")
    path = hanh.home / ".config" / "congvu" / "congvu.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_text() if path.exists() else ""
    path.write_text(old + "\nserverr = x\n")
    path.chmod(0o600)
    done = hanh.run("status")
    assert "serverr" in done.err and str(len(old.splitlines()) + 2) in done.err
