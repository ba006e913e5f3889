# SPDX-License-Identifier: GPL-3.0-or-later
"""congvu and congvud with a misbehaving line between them. Every act is judged by its exit status and the server's rows."""

import http.server
import json
import threading
import time

import pytest

import proxy as px
from judge import Judge
from office import wait_until
from wire import today


@pytest.fixture
def hanh(office, proxy):
    c = office.client("hanh")
    c.login(server=proxy.url)
    proxy.reset_counts()
    return c


@pytest.fixture
def judge(office):
    j = Judge()
    j.look = lambda story="": j.check([t for t, _ in office.texts()], story)
    return j


def act(judge, c, text, *more, expect=None, **kw):
    done = c.submit(text, *more, expect=expect, **kw)
    judge.promise(text, done.code)
    return done


def test_every_reply_is_lost_once(office, proxy, hanh, judge):
    """Shown by 4; contract 9, 1."""
    proxy.plan = px.lose_every_reply_once()
    for i in range(6):
        done = act(judge, hanh, f"mất trả lời {i}")
        assert done.code in (0, 75), done
    hanh.run("work", "register", "--item", "một việc", expect=(0, 75))
    wait_until(lambda: hanh.run("sync", expect=(0, 75)).code == 0, 30)
    judge.look()
    day = office.wire("truong").get(f"/v1/workdays/w:hanh:{today()}")
    assert [i["title"] for i in day["items"]] == ["một việc"]
    assert sum(isinstance(e.fault, px.Lose) and e.status == 200 for e in proxy.exchanges) >= 6, "nothing was lost: the test is void"
    assert hanh.outbox() == []


def test_one_retry_on_a_fresh_connection_is_inside_the_act(office, proxy, hanh, judge):
    proxy.plan = px.first(1, px.Reset())
    done = act(judge, hanh, "kết nối cũ đã chết", expect=0)
    assert done.seconds < 25
    judge.look()


@pytest.mark.parametrize("fault", [px.LoseRequest(), px.Lose(), px.Reset(40), px.Cut(12), px.Cut(60), px.Cut(-1), px.Double()], ids=repr)
def test_no_proof_no_success(office, proxy, hanh, judge, fault):
    """Contract 9, 28 and security 2.1: a half head, a cut body or silence is never "sent"."""
    proxy.plan = lambda ex: fault if ex.path == "/v1/sync" else None
    done = act(judge, hanh, f"lỗi {fault}", "--retry-until", "+0m")
    if not isinstance(fault, px.Double):
        assert done.code == 75 and hanh.json("status")["unsent"] == 1, done
    proxy.plan = None
    hanh.run("sync")
    judge.look(str(fault))


@pytest.mark.soak
def test_reply_cut_at_many_bytes(office, proxy, hanh, judge, rng):
    hanh.run("sync")
    for i in range(12):
        n = rng.randrange(1, 500)
        proxy.plan = px.first(50, px.Cut(n))
        done = act(judge, hanh, f"cắt ở byte {n} lần {i}", "--no-wait" if i % 2 else "--json")
        assert done.code in (0, 75), done
        proxy.plan = None
        hanh.run("sync")
        assert hanh.outbox() == []
    judge.look()


@pytest.mark.parametrize(
    "answer",
    [
        px.http_reply(200, b"<html><body>Xin dang nhap WiFi</body></html>", "text/html"),
        px.http_reply(200, b"<html>", "application/json"),
        px.http_reply(200, b"{}"),
        px.http_reply(200, b'{"v":1,"epoch":"k1","cursor":"c1.x","more":false,"reset":null,"session":"s","now":"2026-11-25T00:00:00+07:00","results":[],"changes":[],"urgent":[]}'),
        px.http_reply(204, b""),
        px.http_reply(201, b""),
        px.http_reply(302, b"", extra="Location: http://example.invalid/\r\n"),
        px.http_reply(502, b"bad gateway", "text/plain"),
        px.http_reply(503, b'{"status":503,"code":"busy","title":"x","type":"about:blank","detail":"","trace":""}', "application/problem+json", "Retry-After: 1\r\n"),
        px.http_reply(500, b"oops", "text/plain"),
        px.http_reply(429, b"", extra="Retry-After: 2\r\n"),
        px.http_reply(404, b"not here", "text/plain"),
        px.http_reply(413, b""),
        px.http_reply(400, b"", "text/html"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 20\r\n\r\n{}",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
    ids=lambda a: a[:60].split(b"\r\n")[0].decode() + f"/{len(a)}",
)
def test_whatever_comes_instead_of_an_answer_nothing_leaves_the_outbox(office, proxy, hanh, judge, answer):
    """Contract 5: no HTTP status ever deletes anything. Contract 9, 12, 13, 28."""
    proxy.plan = lambda ex: px.Answer(answer)
    done = act(judge, hanh, "phải còn nguyên", "--retry-until", "+0m", timeout=45)
    assert done.code in (75, 76, 77, 78), done
    done = hanh.run("sync", "--no-wait", expect=None)
    assert done.code not in (0, 10), done
    proxy.plan = None
    assert hanh.json("status")["unsent"] == 1
    wait_until(lambda: hanh.run("sync", expect=None).code == 0, 20, every=0.3)
    judge.look()


def test_credentials_do_not_follow_a_redirect(office, proxy, hanh):
    """Contract 9, 20."""
    got = []

    class Thief(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *args):
            pass

    thief = http.server.HTTPServer(("127.0.0.1", 0), Thief)
    threading.Thread(target=thief.serve_forever, args=(0.02,), daemon=True).start()
    for status in (301, 302, 303, 307, 308):
        proxy.plan = lambda ex, s=status: px.Answer(px.http_reply(s, b"", extra=f"Location: http://127.0.0.1:{thief.server_address[1]}/v1/sync\r\n"))
        hanh.submit(f"chuyển hướng {status}", "--no-wait", expect=(75, 76, 78))
        hanh.run("sync", "--no-wait", expect=None)
    thief.shutdown()
    assert got == []
    assert len(hanh.outbox()) == 5


def test_a_random_line_for_a_whole_day(office, proxy, hanh, judge, rng):
    seed = rng.randrange(1 << 30)
    proxy.plan = px.seeded(seed, share=0.6)
    for i in range(10):
        act(judge, hanh, f"ngày xấu {i}", *(["--no-wait"] if rng.random() < 0.5 else []))
        if rng.random() < 0.3:
            hanh.run("sync", "--no-wait", expect=None)
    proxy.plan = None
    wait_until(lambda: hanh.run("sync", expect=None).code == 0, 30, every=0.3)
    judge.look(f"plan {seed}")


def test_401_deletes_nothing(timed):
    """Contract 9, 12: expire the token with 5 queued: exit 77; after login 5 delivered."""
    hanh = timed.client("hanh")
    hanh.login()
    timed.stop()
    for i in range(5):
        hanh.submit(f"chờ {i}", "--date", "2026-11-25", "--no-wait", expect=75)
    timed.clock.advance(3600)
    timed.start(port=timed.port)
    timed.admin("device", "revoke", device_of(timed))
    assert hanh.run("sync", expect=77)
    hanh.submit("chờ 5", "--date", "2026-11-25", expect=77)
    assert hanh.json("status")["unsent"] == 6
    hanh.login()
    hanh.run("sync")
    assert sorted(t for t, _ in timed.texts()) == [f"chờ {i}" for i in range(6)]


@pytest.mark.parametrize("minutes", [0, 16])
def test_a_revoked_machine_forgets_what_it_was_sent(timed, minutes):
    """403 device-disabled, told at once or when the token is renewed: cache and archive go, what is unsent stays sealed
    until the same person logs in again."""
    office = timed
    hanh = office.client("hanh")
    hanh.login()
    hanh.submit("đã gửi", slot="11")
    hanh.submit("chưa gửi", "--no-wait", expect=75)
    assert len(hanh.json("report", "list")["items"]) == 2
    office.admin("device", "revoke", device_of(office))
    timed.clock.advance(minutes * 60)
    hanh.run("sync", expect=77)
    assert [r["id"] for r in hanh.json("report", "list")["items"] if r.get("done") == "đã gửi"] == []
    assert hanh.json("status")["unsent"] == 1
    hanh.login()
    hanh.run("sync")
    assert sorted(t for t, _ in office.texts()) == ["chưa gửi", "đã gửi"]
    assert len(hanh.json("report", "list")["items"]) == 2


def device_of(office):
    line = next(line for line in office.admin("device", "list").splitlines() if "hanh" in line)
    return next(word for word in line.replace("\t", " ").split() if len(word) >= 20 and "-" in word)


def test_poison_item_blocks_nobody(office, proxy, hanh):
    """Contract 9, 11: item 3 of 10 invalid to the server: 9 applied, 1 in "Cần xem lại", downloads go on."""
    office.stop()
    for i in range(10):
        hanh.submit(f"món {i}", "--no-wait", expect=75)

    office.start(port=office.port)
    poisoned = []

    def poison(ex):
        """What arrives at the server in place 3 is an operation it does not know (as from another version)."""
        if ex.path == "/v1/sync" and b"m\xc3\xb3n 2" in ex.request and b'"report.submit"' in ex.request:
            head, _, body = ex.request.partition(b"\r\n\r\n")
            parts = body.split(b'"report.submit"')
            at = next(i for i, p in enumerate(parts[1:]) if b"m\xc3\xb3n 2" in p)
            body = b'"report.submit"'.join(parts[: at + 1]) + b'"report.submiX"' + b'"report.submit"'.join(parts[at + 1 :])
            ex.request = head + b"\r\n\r\n" + body
            poisoned.append(ex.n)
        return None

    proxy.plan = poison
    hanh.run("sync", expect=10)
    assert poisoned, "the request was compressed or shaped otherwise: the test is void"
    proxy.plan = None
    left = hanh.outbox()
    assert [o["state"] for o in left] == ["needs_person"]
    assert sorted(t for t, _ in office.texts()) == sorted(f"món {i}" for i in range(10) if i != 2)
    truong = office.wire("truong")
    truong.sync([truong.element("report.comment", office.texts()[0][1], {"eid": "0192f0c0-0000-7000-8000-00000000000a", "text": "đã xem"})])
    hanh.run("sync", expect=(0, 10))
    assert any(r.get("comments") for r in (hanh.json("report", "show", i["id"]) for i in hanh.json("report", "list")["items"]))
    shown = json.dumps(hanh.json("outbox", "show", left[0]["mid"]), ensure_ascii=False)
    assert "món 2" in shown, "the text is kept"


def test_newer_servers_fields_and_words_do_not_hurt(office, proxy, hanh):
    """Contract 9, 29."""

    def newer(reply):
        head, _, body = reply.partition(b"\r\n\r\n")
        if b"application/json" not in head.lower() or not body.startswith(b'{"v"'):
            return reply
        data = json.loads(body)
        data["brand_new"] = {"x": [1, 2]}
        data["changes"] = data.get("changes", []) + [{"op": "put", "kind": "hologram", "id": "h1", "rev": 1, "body": {"id": "h1", "rev": 1}}]
        for c in data["changes"]:
            if c["op"] == "put":
                c["body"]["future"] = {"deep": True}
                if c["kind"] == "report":
                    c["body"]["judged"] = "by_telepathy"
                    c["body"]["health"] = "glowing"
        body = json.dumps(data).encode()
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
        return b"\r\n".join(lines + [b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body

    hanh.run("sync")
    proxy.plan = lambda ex: px.Rewrite(newer) if ex.path == "/v1/sync" else None
    hanh.submit("với máy chủ mới hơn", slot="11", expect=0)
    for args in (["report", "list"], ["report", "show", f"r:hanh:{today()}:11"], ["today"], ["status"], ["report", "board"]):
        hanh.run(*args, expect=(0, 10))
    hanh.run("sync")


def test_results_count_even_when_the_page_is_refused(office, proxy, hanh):
    """Two processes book at once: the changes of the slower one are dropped, its results are not (compare-and-swap)."""
    hanh.run("sync")
    proxy.reset_counts()
    go = threading.Event()
    proxy.plan = px.first(1, px.Hold(go))
    slow = hanh.popen("report", "submit", "--slot", "adhoc", "--done", "chậm", "--json")
    wait_until(lambda: proxy.requests("/v1/sync"), 10)
    fast = hanh.submit("nhanh", expect=(0, 75))
    go.set()
    out, _ = slow.communicate(timeout=40)
    assert slow.returncode == 0 and json.loads(out)["data"]["st"] == "applied"
    hanh.run("sync")
    assert sorted(t for t, _ in office.texts()) == ["chậm", "nhanh"] and fast
    assert hanh.outbox() == []


def test_idle_sync_is_one_round_trip_and_small(office, proxy, hanh):
    hanh.run("sync")
    proxy.reset_counts()
    hanh.run("sync")
    assert len(proxy.exchanges) == 1 and proxy.connections == 1
    up, down = proxy.bytes_up, proxy.bytes_down
    print("idle sync: bytes up", up, "down", down)
    assert up + down <= 800, (up, down, proxy.exchanges[0].request, proxy.exchanges[0].reply)
    proxy.reset_counts()
    hanh.submit("một báo cáo")
    assert len(proxy.exchanges) == 1, [(e.method, e.path, e.status) for e in proxy.exchanges]
    print("one new report: bytes up", proxy.bytes_up, "down", proxy.bytes_down)
    assert proxy.bytes_up + proxy.bytes_down <= 1500


def test_the_bytes_of_an_element_never_change(office, proxy, hanh):
    """Stored, sent verbatim: the same slice in every attempt, across processes."""
    office.stop()
    hanh.submit("nguyên văn", "--no-wait", expect=75)
    office.start(port=office.port)
    proxy.plan = px.first(3, px.Lose())
    for _ in range(4):
        hanh.run("sync", "--no-wait", expect=None)
    wait_until(lambda: hanh.run("sync", expect=None).code == 0, 20)
    slices = {e.body[e.body.index(b'"push":') :].split(b'"max"')[0].split(b']')[0] for e in proxy.requests("/v1/sync") if b"nguy\xc3\xaan v\xc4\x83n" in e.body}
    assert len(slices) == 1 and slices, slices


def test_refresh_race_of_20_processes(timed):
    """Contract 9, 16: 20 processes refresh at once: nobody is logged out."""
    hanh = timed.client("hanh")
    hanh.login()
    timed.clock.advance(16 * 60)
    with px.Proxy(timed.port) as p:
        procs = [hanh.popen("report", "submit", "--slot", "adhoc", "--done", f"cùng lúc {i}") for i in range(20)]
        codes = [q.wait(60) for q in procs]
        assert p is not None
    errors = [q.stderr.read() for q in procs]
    assert set(codes) <= {0, 75}, list(zip(codes, errors))
    hanh.run("sync")
    assert sorted(t for t, _ in timed.texts()) == sorted(f"cùng lúc {i}" for i in range(20))
    timed.clock.advance(16 * 60)
    hanh.run("sync")


def test_refresh_whose_answer_is_lost(timed):
    """The rotated token was never stored: within the grace the old one gives the same successor."""
    with px.Proxy(timed.port) as p:
        hanh = timed.client("hanh")
        hanh.login(server=p.url)
        timed.clock.advance(16 * 60)
        p.plan = px.first(1, px.Lose(), "/v1/token")
        hanh.submit("lần đầu", expect=(0, 75))
        assert p.requests("/v1/token"), "no refresh happened: the test is void"
        hanh.run("sync")
        timed.clock.advance(16 * 60)
        hanh.run("sync")
    assert [t for t, _ in timed.texts()] == ["lần đầu"]


def test_copied_home_directory(office, client, tmp_path):
    """Contract 9, 10: both copies submit: device-forked, and both reports arrive."""
    hanh = client("hanh")
    hanh.submit("trước khi chép")
    copy = hanh.copy_home(tmp_path / "copy")
    hanh.submit("từ bản gốc")
    done = copy.submit("từ bản chép", expect=(0, 75))
    copy.run("sync")
    hanh.submit("gốc lần hai")
    copy.submit("chép lần hai")
    assert sorted(t for t, _ in office.texts()) == sorted(["trước khi chép", "từ bản gốc", "từ bản chép", "gốc lần hai", "chép lần hai"]), done
    assert hanh.outbox() == [] and copy.outbox() == []


def test_mids_are_never_reused(office, client):
    """Contract 9, 9."""
    hanh = client("hanh")
    mids = [hanh.json("report", "submit", "--slot", "adhoc", "--done", "một")["mid"]]
    office.stop()
    mids.append(hanh.json("report", "submit", "--slot", "adhoc", "--done", "hai", "--no-wait", expect=75)["mid"])
    mids.append(hanh.json("report", "submit", "--slot", "adhoc", "--done", "ba", "--no-wait", expect=75)["mid"])
    office.start()
    hanh.run("sync")
    mids.append(hanh.json("report", "submit", "--slot", "adhoc", "--done", "bốn")["mid"])
    assert mids == sorted(set(mids))
    hanh.run("logout")
    hanh.login()
    mids.append(hanh.json("report", "submit", "--slot", "adhoc", "--done", "năm")["mid"])
    assert mids == sorted(set(mids)) or hanh.json("status")["unsent"] == 0


def test_reset_leaves_the_outbox(office, client):
    """Contract 9, 8: 5 pending while the cursor expires: 5 delivered, the list is whole."""
    hanh = client("hanh")
    hanh.submit("cũ", slot="11")
    office.stop()
    for i in range(5):
        hanh.submit(f"chờ {i}", "--no-wait", expect=75)
    backup = office.root / "b"
    office.admin("backup", str(backup))
    office.admin("restore", str(backup))  # a new epoch: every cursor is void
    office.start(port=office.port)
    hanh.run("sync")
    assert sorted(t for t, _ in office.texts()) == sorted(["cũ"] + [f"chờ {i}" for i in range(5)])
    assert len(hanh.json("report", "list")["items"]) == 6


def test_three_identical_resets_stop(office, proxy, hanh):
    def again(reply):
        head, _, body = reply.partition(b"\r\n\r\n")
        data = json.loads(body)
        if "changes" not in data:
            return reply
        data["reset"] = {"reason": "schema"}
        body = json.dumps(data).encode()
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-length", b"content-encoding"))]
        return b"\r\n".join(lines + [b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body

    proxy.plan = lambda ex: px.Rewrite(again)
    start = time.monotonic()
    hanh.run("sync", expect=None)
    assert time.monotonic() - start < 45
    assert len(proxy.requests("/v1/sync")) <= 10


def test_server_sheds_and_everything_arrives(office, proxy, hanh, judge):
    busy = px.http_reply(503, b'{"status":503,"code":"busy","title":"x","type":"about:blank","detail":"","trace":""}', "application/problem+json", "Retry-After: 1\r\n")
    proxy.plan = px.first(2, px.Answer(busy))
    done = act(judge, hanh, "đông quá", "--retry-until", "+1m", timeout=80)
    assert done.code == 0, done
    judge.look()
