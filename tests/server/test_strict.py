# SPDX-License-Identifier: GPL-3.0-or-later
"""A hostile client: malformed requests get a clear refusal, never a 5xx, never a half effect, and cost others nothing."""

import json
import socket
import threading
import time
import zlib

import pytest

from office import open_files, resident_kb, wait_until
from wire import raw, status_of, today


@pytest.fixture
def w(office):
    w = office.wire("hanh")
    w.sync()
    return w


def send(w, *lines, body=b"", head=b"", auth=True):
    """lines without their line ends; Host, token and body are added."""
    text = "\r\n".join(lines)
    if auth:
        text += f"\r\nAuthorization: Bearer {w.access}"
    data = text.encode("latin1") + b"\r\n" + head + b"\r\n" + body
    return raw(w.http.port, data, timeout=3)


def post(w, *headers, body=b"{}", version="HTTP/1.1", path="/v1/sync"):
    return send(w, f"POST {path} {version}", *headers, body=body)


GOOD_BODY = b'{"v":1}'
HOST = "Host: 127.0.0.1"
JSON = "Content-Type: application/json"
BAD_HEADS = {
    "length and chunked": [HOST, JSON, "Content-Length: 7", "Transfer-Encoding: chunked"],
    "two lengths": [HOST, JSON, "Content-Length: 7", "Content-Length: 8"],
    "the same length twice": [HOST, JSON, "Content-Length: 7", "Content-Length: 7"],
    "two hosts": [HOST, "Host: elsewhere.example", JSON, "Content-Length: 7"],
    "no host": [JSON, "Content-Length: 7"],
    "negative length": [HOST, JSON, "Content-Length: -7"],
    "length with a plus": [HOST, JSON, "Content-Length: +7"],
    "hexadecimal length": [HOST, JSON, "Content-Length: 0x7"],
    "huge length": [HOST, JSON, "Content-Length: 99999999999999999999999"],
    "list of lengths": [HOST, JSON, "Content-Length: 7, 7"],
    "unknown coding": [HOST, JSON, "Transfer-Encoding: chunked, gzip"],
    "space before colon": [HOST, JSON, "Content-Length : 7"],
    "NUL in a value": [HOST, JSON, "X-A: b\0c", "Content-Length: 7"],
    "two tokens": [HOST, JSON, "Authorization: Bearer abc", "Content-Length: 7"],
    "no colon": [HOST, JSON, "nonsense", "Content-Length: 7"],
}


@pytest.mark.parametrize("name", BAD_HEADS)
def test_smuggling(w, name):
    smuggled = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {w.access}\r\n\r\n".encode()
    answer = post(w, *BAD_HEADS[name], body=GOOD_BODY + smuggled)
    assert answer == b"" or 400 <= status_of(answer) < 500 or status_of(answer) == 501, answer[:300]
    assert b" 200 " not in answer, "a second request was seen in the body"
    assert w.call("GET", "/v1/session").status == 200


RAW = {
    "bare LF": lambda w: f"GET /v1/session HTTP/1.1\nHost: a\nAuthorization: Bearer {w.access}\n\n".encode(),
    "bare CR": lambda w: f"GET /v1/session HTTP/1.1\rHost: a\rAuthorization: Bearer {w.access}\r\r".encode(),
    "NUL in the path": lambda w: f"GET /v1/session\0x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {w.access}\r\n\r\n".encode(),
    "space in the path": lambda w: f"GET /v1/sess ion HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {w.access}\r\n\r\n".encode(),
    "HTTP/0.9": lambda w: b"GET /v1/session\r\n",
    "HTTP/3.0": lambda w: b"GET /healthz HTTP/3.0\r\nHost: a\r\n\r\n",
    "long path": lambda w: b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "long header": lambda w: b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20000 + b"\r\n\r\n",
    "many headers": lambda w: b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 5000 + b"\r\n",
    "TLS hello": lambda w: bytes.fromhex("16030100c8010000c40303") + b"\0" * 200,
    "noise": lambda w: bytes(range(256)) * 4 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
def test_raw(w, name):
    answer = raw(w.http.port, RAW[name](w), timeout=1.5, shutdown=True)
    status = status_of(answer)
    assert not 200 <= status < 300 and status not in (500, 502, 503), answer[:300]
    assert w.call("GET", "/v1/session").status == 200


@pytest.mark.parametrize("data", [b"zz\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"ffffffffffffffff\r\n{}\r\n0\r\n\r\n", b"2\n{}\n0\n\n"], ids=repr)
def test_bad_chunks(w, data):
    answer = post(w, HOST, JSON, "Transfer-Encoding: chunked", body=data)
    assert answer == b"" or 400 <= status_of(answer) < 500, answer[:300]


def test_good_chunks_are_understood(w):
    body = w.envelope().encode()
    half = len(body) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[:half], body[half:])) + b"0\r\n\r\n"
    assert status_of(post(w, HOST, JSON, "Transfer-Encoding: chunked", body=chunks)) == 200


def envelope(w, push=b"[]", **over):
    return w.envelope(**over).encode().replace(b'"push":[]', b'"push":' + push)


BAD_JSON = {
    "empty": b"",
    "not json": b"hello",
    "array": b"[]",
    "string": b'"x"',
    "number": b"1",
    "cut": b'{"v":1,"device":"x"',
    "trailing": b'{"v":1} x',
    "after NUL": b'{"v":1}\0{"v":1}',
    "duplicate key": b'{"v":1,"v":1,"push":[]}',
    "bad UTF-8": b'{"v":1,"push":[],"x":"\xff\xfe"}',
    "overlong UTF-8": b'{"v":1,"push":[],"x":"\xc0\xaf"}',
    "surrogate": b'{"v":1,"push":[],"x":"\\ud800"}',
    "escaped NUL": b'{"v":1,"push":[],"x":"a\\u0000b"}',
    "control byte": b'{"v":1,"push":[],"x":"a\x01b"}',
    "deep": b'{"v":1,"push":' + b"[" * 10000 + b"]" * 10000 + b"}",
    "depth 33": b'{"v":1,"push":[],"x":' + b"[" * 33 + b"]" * 33 + b"}",
    "many nodes": b'{"v":1,"push":[],"x":[' + b"0," * 100000 + b"0]}",
    "big integer": b'{"v":1,"push":[],"ack":9007199254740993}',
    "NaN": b'{"v":1,"push":[],"ack":NaN}',
    "single quotes": b"{'v':1}",
    "comment": b'{"v":1/*x*/,"push":[]}',
    "BOM": b'\xef\xbb\xbf{"v":1,"push":[]}',
    "push is no list": b'{"v":1,"push":{}}',
    "device is a number": b'{"v":1,"device":7,"push":[]}',
    "other version": b'{"v":99,"push":[]}',
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_bad_json(w, name):
    before = resident_kb_of(w)
    body = BAD_JSON[name]
    answer = post(w, HOST, JSON, f"Content-Length: {len(body)}", body=body)
    status = status_of(answer)
    assert status in (400, 413, 403, 422), answer[:300]
    assert b"application/problem+json" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"]
    assert resident_kb_of(w) - before < 20000
    assert w.call("GET", "/v1/session").status == 200


def resident_kb_of(w):
    return resident_kb(w.office_pid)


@pytest.fixture(autouse=True)
def know_the_server(office, w):
    w.office_pid = office.pid


ELEMENTS = {
    "no mid": '{"op":"report.submit","id":"x","args":{}}',
    "mid is a string": '{"mid":"5","op":"report.submit","id":"x","args":{}}',
    "mid 0": '{"mid":0,"op":"report.submit","id":"x","args":{}}',
    "negative mid": '{"mid":-5,"op":"report.submit","id":"x","args":{}}',
    "fraction": '{"mid":5.5,"op":"report.submit","id":"x","args":{}}',
    "not an object": "7",
}


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_without_identity(w, name):
    """Without a mid there is no name to give a verdict to: the envelope cannot be read. Nothing happens."""
    r = w.call("POST", "/v1/sync", envelope(w, b"[" + ELEMENTS[name].encode() + b"]"))
    assert r.status in (400, 422) or r.json["results"][0]["st"] == "rejected", r.body


BAD_ITEMS = {
    "no op": {"id": "x", "args": {}},
    "unknown op": {"op": "report.burn", "id": "x", "args": {}},
    "op is a number": {"op": 7, "id": "x", "args": {}},
    "no id": {"op": "report.submit", "args": {"date": "2026-11-25", "slot": "07"}},
    "no args": {"op": "report.submit", "id": "r:hanh:2026-11-25:07"},
    "args is a list": {"op": "report.submit", "id": "r:hanh:2026-11-25:07", "args": []},
    "id of another day": {"op": "report.submit", "id": "r:hanh:2026-11-20:07", "args": {"date": "2026-11-21", "slot": "07", "done": "x"}},
    "date that does not exist": {"op": "report.submit", "id": "r:hanh:2026-02-30:07", "args": {"date": "2026-02-30", "slot": "07", "done": "x"}},
    "text is a number": {"op": "report.submit", "id": "0192f0c0-0000-7000-8000-000000000001", "args": {"date": "2026-11-25", "slot": "adhoc", "done": 7}},
    "adhoc id is no uuid": {"op": "report.submit", "id": "../../etc/passwd", "args": {"date": "2026-11-25", "slot": "adhoc", "done": "x"}},
    "text too long": {"op": "report.submit", "id": "0192f0c0-0000-7000-8000-000000000002", "args": {"date": "2026-11-25", "slot": "adhoc", "done": "x" * 40000}},
    "percent 101": {"op": "workday.record", "id": "w:hanh:2026-11-25", "args": {"eid": "0192f0c0-0000-7000-8000-000000000003", "percent": 101}},
    "bad time": {"op": "report.submit", "id": "r:hanh:2026-11-25:07", "at": "yesterday", "args": {"date": "2026-11-25", "slot": "07", "done": "x"}},
    "secret of the state": {"op": "report.submit", "id": "0192f0c0-0000-7000-8000-000000000004", "args": {"date": "2026-11-25", "slot": "adhoc", "done": "[MẬT] kế hoạch"}},
}


def test_bad_items_are_rejected_one_by_one_and_block_nobody(w, office):
    """Contract 9, 11: and the pull goes on."""
    for name, item in BAD_ITEMS.items():
        good_before, good_after = w.adhoc(f"trước {name}"), None
        w.mid += 1
        item = {"mid": w.mid, "base": None, "at": f"{today()}T07:00:00+07:00"} | item
        text = json.dumps(item, ensure_ascii=False)
        good_after = w.adhoc(f"sau {name}")
        a = w.sync([good_before, text, good_after])
        st = [r["st"] for r in a["results"]]
        assert st[0] == st[2] == "applied" and st[1] in ("rejected", "forbidden"), (name, a["results"])
        if st[1] == "rejected":
            assert a["results"][1]["code"], name
        if name == "secret of the state":
            assert a["results"][1]["code"] == "state-secret"
    assert len({t for t, _ in office.texts()}) == 2 * len(BAD_ITEMS)


def test_secret_text_leaves_no_byte_at_the_server(w, office):
    marker = "KYHIEU77123"
    a = w.sync([w.adhoc(f"[TUYỆT MẬT] {marker}")])
    assert a["results"][0]["code"] == "state-secret"
    for path in office.data.rglob("*"):
        if path.is_file():
            assert marker.encode() not in path.read_bytes(), path
    assert marker not in office.tail(100000)


def test_too_much(w):
    body = b'{"v":1,"push":[],"x":"' + b"a" * (2 << 20) + b'"}'
    answer = post(w, HOST, JSON, f"Content-Length: {len(body)}", body=body[:1000])
    assert status_of(answer) == 413, answer[:200]
    r = w.sync_raw([w.adhoc(f"{i}") for i in range(101)])
    assert r.status in (413, 422, 400), r.status


def test_bomb(w):
    """1 MB of gzip that unpacks to 1 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * (1 << 20)
    data = b"".join(packer.compress(block) for _ in range(200)) + packer.flush()
    before = resident_kb_of(w)
    r = w.call("POST", "/v1/sync", data, {"Content-Encoding": "gzip"})
    assert r.status in (400, 413, 415), (r.status, r.body[:200])
    assert resident_kb_of(w) - before < 30000
    assert w.call("POST", "/v1/sync", b"x", {"Content-Encoding": "br"}).status == 415


def test_wrong_content_type(w):
    r = w.call("POST", "/v1/sync", w.envelope(), {"Content-Type": "text/plain"})
    assert r.status in (200, 415)
    assert w.call("POST", "/v1/login", b"user=hanh", {"Content-Type": "application/x-www-form-urlencoded"}).status in (400, 415)


def test_slow_and_half_requests_are_cut_and_honest_clients_are_served(office, w):
    """100 clients that drip a byte each third of a second do not stay (per-byte timeouts do not see them), nor do 100 that
    went away in the middle of a request."""
    stop = threading.Event()
    socks = []
    base = open_files(office.pid)
    for i in range(100):
        with socket.create_connection(("127.0.0.1", office.port)) as s:
            s.sendall(b"POST /v1/sync HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"[: 5 + i % 60])
        s = socket.create_connection(("127.0.0.1", office.port))
        s.sendall(b"POST /v1/sync HTTP/1.1\r\nHost: a\r\nX-A: " if i % 2 else b"POST /v1/sync HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{")
        socks.append(s)
    wait_until(lambda: open_files(office.pid) >= base + 100, 10, why="the connections are taken")

    def drip():
        while not stop.wait(0.3):
            for s in list(socks):
                try:
                    s.send(b"a")
                except OSError:
                    pass  # cut off, as it should be

    t = threading.Thread(target=drip)
    t.start()
    try:
        slowest = 0.0
        for _ in range(20):
            start = time.monotonic()
            assert w.call("GET", "/v1/session").status == 200
            slowest = max(slowest, time.monotonic() - start)
        assert slowest < 1.0
        wait_until(lambda: open_files(office.pid) <= base + 3, 35, every=0.2, why="the watchdog cuts the dripping connections")
    finally:
        stop.set()
        t.join()
        for s in socks:
            s.close()
    assert w.call("GET", "/v1/session").status == 200


def test_hundreds_of_malformed_requests_leave_memory_flat(office, w):
    for _ in range(3):
        for body in BAD_JSON.values():
            post(w, HOST, JSON, f"Content-Length: {len(body)}", body=body)
    before, files = resident_kb(office.pid), open_files(office.pid)
    for _ in range(10):
        for body in BAD_JSON.values():
            post(w, HOST, JSON, f"Content-Length: {len(body)}", body=body)
    assert resident_kb(office.pid) - before < 8000
    wait_until(lambda: open_files(office.pid) <= files + 5, 10)
