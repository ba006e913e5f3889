# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints, their answers and their errors, by a client that knows only the contract."""

import json
import time

import pytest

from office import password
from wire import Http, today, uuid7


def problem(reply, status, code=None):
    assert reply.status == status, (reply.status, reply.body[:400])
    assert reply.headers["content-type"].startswith("application/problem+json"), reply.headers
    body = json.loads(reply.body)
    assert body["status"] == status and body["title"] and "type" in body and "trace" in body, body
    if code:
        assert body["code"] == code, body
    return body


# -- sessions ------------------------------------------------------------------------------------------
def test_login_and_session(office):
    h = Http(office.port)
    r = h.request("POST", "/v1/login", {"user": "hanh", "password": password("hanh"), "device_name": "máy nhà"})
    assert r.status == 200 and r.headers["cache-control"] == "no-store"
    t = r.json
    assert t["access_token"] and t["refresh_token"] and 0 < t["expires_in"] <= 900
    s = h.request("GET", "/v1/session", headers={"Authorization": f"Bearer {t['access_token']}"}).json
    assert s["user"] == "hanh" and s["roles"] == [{"role": "officer", "unit": "p1"}] and s["device"] and s["last_mid"] == 0
    assert s["office"]["code"] == "H29.12" and s["tag"]
    assert {"sync", "report.write", "dossier.write"} <= set(s["rights"]) and "review" not in s["rights"]
    assert s["limits"] and s["policy"] and s["slots"]
    assert t["session"]["device"] == s["device"]


def test_wrong_password_unknown_user_and_disabled_user_are_alike(office):
    office.admin("user", "disable", "lan")
    h = Http(office.port)
    answers = [
        h.request("POST", "/v1/login", {"user": u, "password": p, "device_name": "x"})
        for u, p in (("hanh", "sai"), ("khong-co", "sai"), ("lan", password("lan")))
    ]
    bodies = []
    for r in answers:
        b = problem(r, 401, "login-required")
        b.pop("trace")
        bodies.append(b)
    assert bodies[0] == bodies[1] == bodies[2]


def test_a_device_is_kept_and_a_strangers_is_not(office):
    a = office.wire("hanh")
    h = Http(office.port)
    login = {"user": "hanh", "password": password("hanh"), "device_name": "x", "device": a.device}
    assert h.request("POST", "/v1/login", login).json["session"]["device"] == a.device
    login.update(user="minh", password=password("minh"))
    assert h.request("POST", "/v1/login", login).json["session"]["device"] != a.device


def test_rights_can_only_shrink(office):
    h = Http(office.port)
    base = {"user": "hanh", "password": password("hanh"), "device_name": "cron"}
    s = h.request("POST", "/v1/login", base | {"rights": ["report.write", "sync.own"]}).json["session"]
    assert set(s["rights"]) == {"report.write", "sync.own"}
    r = h.request("POST", "/v1/login", base | {"rights": ["report.write", "approve", "admin"]})
    assert r.status in (200, 403, 422)
    if r.status == 200:
        assert not {"approve", "admin"} & set(r.json["session"]["rights"])


def test_token_rotates_and_a_double_use_gives_the_same_successor(office):
    w = office.wire("hanh")
    first = w.http.request("POST", "/v1/token", {"refresh_token": w.refresh}).json
    again = w.http.request("POST", "/v1/token", {"refresh_token": w.refresh}).json
    assert first["refresh_token"] == again["refresh_token"] != w.refresh
    assert first["session"]["device"] == again["session"]["device"] == w.device
    for t in (first, again):
        assert w.http.request("GET", "/v1/session", headers={"Authorization": "Bearer " + t["access_token"]}).status == 200


def test_reuse_after_the_grace_revokes_the_family(timed):
    w = timed.wire("hanh")
    old = w.refresh
    w.take(w.http.request("POST", "/v1/token", {"refresh_token": old}).json)
    timed.clock.advance(130)
    problem(w.http.request("POST", "/v1/token", {"refresh_token": old}), 401, "login-required")
    problem(w.http.request("POST", "/v1/token", {"refresh_token": w.refresh}), 401, "login-required")
    problem(w.call("GET", "/v1/session"), 401)


def test_access_expires_in_15_minutes_and_refresh_goes_on(timed):
    w = timed.wire("hanh")
    timed.clock.advance(14 * 60)
    assert w.call("GET", "/v1/session").status == 200
    timed.clock.advance(2 * 60)
    problem(w.call("GET", "/v1/session"), 401, "token-expired")
    w.take(w.http.request("POST", "/v1/token", {"refresh_token": w.refresh}).json)
    assert w.call("GET", "/v1/session").status == 200


def test_thirty_days_sliding_180_absolute(timed):
    w = timed.wire("hanh")
    for _ in range(8):
        timed.clock.advance(25 * 86400)
        r = w.http.request("POST", "/v1/token", {"refresh_token": w.refresh})
        if r.status != 200:
            break
        w.take(r.json)
    problem(r, 401, "login-required")
    w = timed.wire("hanh")
    timed.clock.advance(31 * 86400)
    problem(w.http.request("POST", "/v1/token", {"refresh_token": w.refresh}), 401, "login-required")


def test_fork_gives_a_new_device(office):
    w = office.wire("hanh")
    f = w.fork()
    assert f.device != w.device and f.session_body["user"] == "hanh" and f.session_body["last_mid"] == 0
    assert w.call("GET", "/v1/session").status == 200


def test_logout_and_disabling_take_effect_at_the_next_request(office):
    w, other = office.wire("hanh"), office.wire("hanh")
    assert w.call("POST", "/v1/logout", {}).status in (200, 202)
    assert w.call("GET", "/v1/session").status in (401, 403)
    assert w.http.request("POST", "/v1/token", {"refresh_token": w.refresh}).status in (401, 403)
    assert other.call("GET", "/v1/session").status == 200
    office.admin("user", "disable", "hanh")
    assert other.call("GET", "/v1/session").status in (401, 403)
    assert other.sync_raw([other.adhoc("sau khi bị khóa")]).status in (401, 403)
    assert office.texts() == []


def test_device_revoked_by_the_administrator(office):
    w = office.wire("hanh")
    assert w.device in office.admin("device", "list")
    office.admin("device", "revoke", w.device)
    problem(w.call("GET", "/v1/session"), 403, "device-disabled")


def test_password_change(office):
    w = office.wire("hanh")
    new = "Mat-Khau-Moi-2026"
    r = w.call("POST", "/v1/password", {"old": password("hanh"), "new": new})
    if r.status != 200:  # the field names are the server's own
        r = w.call("POST", "/v1/password", {"password": password("hanh"), "new_password": new})
    assert r.status == 200, r.body
    h = Http(office.port)
    assert h.request("POST", "/v1/login", {"user": "hanh", "password": password("hanh"), "device_name": "x"}).status == 401
    assert h.request("POST", "/v1/login", {"user": "hanh", "password": new, "device_name": "x"}).status == 200


# -- errors --------------------------------------------------------------------------------------------
def test_without_a_token_with_garbage_and_with_anothers_device(office):
    h = Http(office.port)
    for head in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic aGFuaDpo"}, {"Authorization": "Bearer " + "a" * 4000}):
        for method, path in (("GET", "/v1/session"), ("POST", "/v1/sync"), ("GET", "/v1/reports"), ("GET", "/v1/board?unit=p1")):
            problem(h.request(method, path, {} if method == "POST" else None, head), 401)
    w, other = office.wire("hanh"), office.wire("minh")
    problem(w.sync_raw(device=other.device), 403, "device-mismatch")


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/nonsense", "/v2/sync", "/v1/sync/", "/v1//sync", "/v1/reports/../session", "/v1/%73ync", "/healthz/x"])
def test_unknown_paths(office, path):
    w = office.wire("hanh")
    problem(w.call("GET", path), 404)


@pytest.mark.parametrize("method, path", [("GET", "/v1/sync"), ("GET", "/v1/login"), ("PUT", "/v1/reports"), ("DELETE", "/v1/session"), ("POST", "/healthz"), ("PATCH", "/v1/operations"), ("TRACE", "/v1/session"), ("BREW", "/v1/session")])
def test_wrong_methods(office, method, path):
    w = office.wire("hanh")
    r = w.call(method, path)
    assert r.status in (405, 501), (r.status, r.body)
    if r.status == 405:
        problem(r, 405)
        assert r.headers.get("allow")


def test_healthz_and_readyz_and_metrics(office):
    h = Http(office.port)
    assert h.request("GET", "/healthz").status == 200
    assert h.request("GET", "/readyz").status == 200
    r = h.request("GET", "/metrics")
    assert r.status == 200 and r.headers["content-type"].startswith("text/plain")


# -- visibility ----------------------------------------------------------------------------------------
def test_what_one_may_not_see_is_not_there(office):
    hanh, lan, truong = office.wire("hanh"), office.wire("lan"), office.wire("truong")
    hanh.sync([hanh.element("report.submit", f"r:hanh:{today()}:11", {"date": today(), "slot": "11", "done": "riêng p1"})])
    assert truong.get(f"/v1/reports/r:hanh:{today()}:11")["done"] == "riêng p1"
    hidden = lan.call("GET", f"/v1/reports/r:hanh:{today()}:11")
    absent = lan.call("GET", f"/v1/reports/r:hanh:{today()}:07")
    a, b = problem(hidden, 404), problem(absent, 404)
    a.pop("trace"), b.pop("trace")
    assert a == b
    assert lan.items("/v1/reports") == [] and lan.items("/v1/reports?user=hanh") == []
    minh = office.wire("minh")
    assert minh.items("/v1/reports?user=hanh") == [], "reports of a colleague are not an officer's business"
    assert problem(minh.call("GET", f"/v1/reports/r:hanh:{today()}:11"), 404)
    r = lan.call("GET", f"/v1/board?unit=p1&date={today()}")
    assert r.status in (403, 404)
    lan.pull()
    assert not lan.kind("report")


def test_workdays_are_readable_by_the_whole_office(office):
    hanh, lan = office.wire("hanh"), office.wire("lan")
    hanh.sync([hanh.element("workday.register", f"w:hanh:{today()}", {"date": today(), "place": "home", "items": [{"eid": uuid7(), "title": "việc"}]})])
    assert lan.get(f"/v1/workdays/w:hanh:{today()}")["items"][0]["title"] == "việc"


def test_etag_and_single_object(office):
    hanh = office.wire("hanh")
    hanh.sync([hanh.element("report.submit", f"r:hanh:{today()}:11", {"date": today(), "slot": "11", "done": "một"})])
    r = hanh.call("GET", f"/v1/reports/r:hanh:{today()}:11")
    tag = r.headers["etag"]
    assert tag.startswith('"') and r.json["rev"] == 1 and r.json["updated_by"] == "hanh" and r.json["updated_at"]
    assert hanh.call("GET", f"/v1/reports/r:hanh:{today()}:11", headers={"If-None-Match": tag}).status == 304
    hanh.sync([hanh.element("report.submit", f"r:hanh:{today()}:11", {"date": today(), "slot": "11", "done": "hai"})])
    assert hanh.call("GET", f"/v1/reports/r:hanh:{today()}:11").headers["etag"] != tag


def test_lists_page_by_page(office):
    hanh = office.wire("hanh")
    for start in range(0, 45, 15):
        hanh.sync([hanh.adhoc(f"bản {i:02}") for i in range(start, start + 15)])
    page = hanh.call("GET", "/v1/reports?limit=10")
    assert len(page.json["items"]) == 10 and page.json["next"]
    assert 'rel="next"' in page.headers["link"]
    ids = [i["id"] for i in hanh.items("/v1/reports?limit=10")]
    assert len(ids) == len(set(ids)) == 45
    problem(hanh.call("GET", "/v1/reports?limit=10&page=garbage"), 400)
    r = hanh.call("GET", "/v1/reports?limit=100000")
    assert r.status in (200, 400, 422) and (r.status != 200 or len(r.json["items"]) == 45)
    assert len(hanh.get("/v1/users?limit=200")["items"]) >= 10
    assert {u["id"] for u in hanh.items("/v1/units")} >= {"vp", "p1", "p2", "mc"}


def test_list_filters(office):
    hanh, minh, truong = office.wire("hanh"), office.wire("minh"), office.wire("truong")
    for w in (hanh, minh):
        for slot in ("07", "11"):
            w.sync([w.element("report.submit", f"r:{w.user}:{today()}:{slot}", {"date": today(), "slot": slot, "done": f"{w.user} {slot}"})])
    assert len(truong.items("/v1/reports")) == 4
    assert len(truong.items("/v1/reports?slot=07")) == 2
    assert len(truong.items("/v1/reports?user=hanh")) == 2
    assert len(truong.items(f"/v1/reports?user=hanh&slot=11&date={today()}")) == 1
    assert truong.items(f"/v1/reports?date={today(-1)}") == []
    assert truong.items(f"/v1/reports?from={today(-3)}&to={today(-1)}") == []
    assert len(truong.items(f"/v1/reports?from={today(-3)}&to={today()}&unit=p1")) == 4


# -- /v1/operations ------------------------------------------------------------------------------------
def operation(w, element, key):
    return w.call("POST", "/v1/operations", element, {"Idempotency-Key": key} if key else {})


def test_operations_mirror_the_verdict(office):
    w = office.wire("hanh")
    e = w.element("report.submit", f"r:hanh:{today()}:11", {"date": today(), "slot": "11", "done": "qua API"}, at=None)
    problem(operation(w, e, None), 400)
    r = operation(w, e, "k1")
    assert r.status == 200 and r.json["st"] in ("applied", "late") and r.json["rev"] == 1
    again = operation(w, e, "k1")
    assert again.status == 200 and again.json["rev"] == 1
    other = w.element("report.submit", f"r:hanh:{today()}:11", {"date": today(), "slot": "11", "done": "khác"})
    problem(operation(w, other, "k1"), 422, "key-reused")
    bad = w.element("report.submit", f"r:hanh:{today()}:12", {"date": today(), "slot": "12", "done": "x"})
    problem(operation(w, bad, "k2"), 422)
    strange = w.element("report.submit", f"r:minh:{today()}:11", {"date": today(), "slot": "11", "done": "giả mạo"})
    problem(operation(w, strange, "k3"), 403)
    unknown = w.element("no.such", f"r:hanh:{today()}:11", {})
    assert operation(w, unknown, "k4").status == 422
    assert [t for t, _ in office.texts()] == ["qua API"]


def test_operations_and_sync_say_the_same_about_rights(office):
    hanh, minh, truong = office.wire("hanh"), office.wire("minh"), office.wire("truong")
    hanh.sync([hanh.element("report.submit", f"r:hanh:{today()}:11", {"date": today(), "slot": "11", "done": "x"})])
    comment = {"eid": uuid7(), "text": "nhận xét"}
    st = minh.sync([minh.element("report.comment", f"r:hanh:{today()}:11", comment)])["results"][0]["st"]
    assert st == "forbidden"
    absent = minh.sync([minh.element("report.comment", f"r:hanh:{today()}:17", comment | {"eid": uuid7()})])["results"][0]
    assert absent["st"] == "forbidden"
    assert truong.sync([truong.element("report.comment", f"r:hanh:{today()}:11", comment)])["results"][0]["st"] == "applied"


def test_a_registration_of_another_is_forbidden_and_review_of_oneself_too(office):
    hanh, minh, truong = office.wire("hanh"), office.wire("minh"), office.wire("truong")
    item = {"eid": uuid7(), "title": "việc"}
    st = minh.sync([minh.element("workday.register", f"w:hanh:{today()}", {"date": today(), "place": "home", "items": [item]})])["results"][0]["st"]
    assert st == "forbidden"
    args = {"date": today(), "place": "office", "items": [item]}
    assert hanh.sync([hanh.element("workday.register", f"w:hanh:{today()}", args)])["results"][0]["st"] == "applied"
    assert hanh.sync([hanh.element("workday.register", f"w:hanh:{today()}", args)])["results"][0]["st"] == "noop", "the same eid"
    assert minh.sync([minh.element("workday.record", f"w:hanh:{today()}", {"eid": item["eid"], "state": "done", "percent": 100})])["results"][0]["st"] == "forbidden"
    bad = hanh.sync([hanh.element("workday.record", f"w:hanh:{today()}", {"eid": uuid7(), "state": "done", "percent": 100})])["results"][0]
    assert bad["st"] in ("rejected", "gone", "forbidden")
    assert truong.get(f"/v1/workdays/w:hanh:{today()}")["items"][0]["title"] == "việc"


def test_disabled_admin_commands_wake_the_waiters(office):
    """Admin commands are a second process: a user added while the server runs reaches a waiting client."""
    import threading

    w = office.wire("hanh")
    w.pull()
    got = []
    t = threading.Thread(target=lambda: got.append(w.sync(wait=20)))
    t.start()
    time.sleep(0)  # the poll's arrival cannot be seen from here; either way the answer must carry the change
    office.add_user("moi", "Người Mới", "p1", "officer")
    t.join(10)
    assert got and not t.is_alive()
    answer = got[0]
    while not any(c["kind"] == "user" and c["id"] == "moi" for c in answer["changes"]) and (answer["more"] or answer["changes"]):
        answer = w.sync(wait=5)
    assert ("user", "moi") in w.store


def test_session_tag_moves_with_the_session(office):
    w = office.wire("hanh")
    a = w.sync(session="")
    assert a["session"] and a.get("session_body", {}).get("user") == "hanh"
    assert "session_body" not in w.sync()
    office.admin("policy", "set", "register_by", "08:30")
    b = w.sync()
    assert b["session"] != a["session"] and b["session_body"]["policy"]["register_by"] == "08:30"


def test_unknown_fields_are_ignored(office):
    w = office.wire("hanh")
    e = w.element("report.submit", uuid7(), {"date": today(), "slot": "adhoc", "done": "x", "mới": {"a": [1]}}, later=True)
    assert w.sync([e], future="x")["results"][0]["st"] == "applied"
