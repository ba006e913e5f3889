# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS as an office sets it up with docs/examples/make-ca.sh: who is trusted, who is refused, and what the person is told."""

import os
import re
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from office import password, program, wait_until

ROOT = Path(__file__).resolve().parents[2]
MAKE_CA = ROOT / "docs/examples/make-ca.sh"


def make_ca(where, *names, expect=0):
    done = subprocess.run(["sh", MAKE_CA, where, *names], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == expect, done
    return done.stdout


def serve(office, certs, **kw):
    """The office over TLS on loopback."""
    (office.root / "port").unlink(missing_ok=True)
    office.start(args=["--tls-cert", certs / "server.pem", "--tls-key", certs / "server.key"], ready=False, **kw)
    port = office.root / "port"
    wait_until(lambda: office.server.poll() is not None or port.exists() and port.read_text().strip(), 30, why="the port file")
    assert office.server.poll() is None, office.tail()
    office.port = int(port.read_text())
    return f"https://127.0.0.1:{office.port}"


def serial(port, ca):
    context = ssl.create_default_context(cafile=ca)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw, context.wrap_socket(raw, server_hostname="127.0.0.1") as s:
        return s.getpeercert()["serialNumber"], s.version()


@pytest.fixture(scope="module")
def certs(tmp_path_factory):
    where = tmp_path_factory.mktemp("certs")
    make_ca(where, "127.0.0.1", "localhost")
    return where


@pytest.fixture
def tls(offices, certs):
    office = offices(start=False)
    return office, serve(office, certs)


def test_the_certificates_are_what_they_should_be(certs):
    leaf = subprocess.run(["openssl", "x509", "-in", certs / "server.pem", "-noout", "-text"], capture_output=True, text=True, check=True).stdout
    assert "prime256v1" in leaf and "IP Address:127.0.0.1, DNS:localhost" in leaf and "CA:FALSE" in leaf
    for name, mode in (("ca.key", 0o600), ("server.key", 0o600), ("ca.pem", 0o644), ("server.pem", 0o644)):
        assert (certs / name).stat().st_mode & 0o777 == mode, name


def test_making_them_again_changes_nothing_until_it_has_to(tmp_path):
    told = make_ca(tmp_path, "congvu.example", "10.1.2.3")
    assert "--ca ca.pem" in told and "congvud serve" in told
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    make_ca(tmp_path, "congvu.example", "10.1.2.3")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    make_ca(tmp_path, "other.example")
    after = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert after["ca.pem"] == before["ca.pem"] and after["server.pem"] != before["server.pem"]
    make_ca(tmp_path, "evil;name", expect=65)
    make_ca(tmp_path, expect=64)
    (tmp_path / "ca.key").unlink()
    make_ca(tmp_path, "other.example", expect=65)


def test_a_day_over_tls(tls, certs):
    """The root certificate is told once, at the login: it is kept, and the file may go."""
    office, url = tls
    own = certs.parent / "handed-out.pem"
    own.write_bytes((certs / "ca.pem").read_bytes())
    hanh = office.client("hanh")
    hanh.login("--ca", own, server=url)
    own.unlink()
    hanh.submit("qua TLS")
    checks = {c["name"]: c for c in hanh.json("doctor")["checks"]}
    assert checks["server"]["ok"] and checks["secrets"]["detail"] == f"file: {hanh.account_dir()}/key"
    truong = office.client("truong")
    truong.login("--ca", certs / "ca.pem", server=url)
    assert [r["done"] for r in truong.json("report", "list", "--user", "hanh")["items"]] == ["qua TLS"]
    assert serial(office.port, certs / "ca.pem")[1] == "TLSv1.3"


def refused(client, url, ca, sentence, **kw):
    more = ["--ca", ca] if ca else []
    done = client.login(*more, server=url, expect=78, **kw)
    assert sentence in done.err, done
    assert not re.search(r"SSL|certificate|peer", done.err), done
    return done


def test_wrong_authority(tls, tmp_path):
    office, url = tls
    make_ca(tmp_path / "other", "127.0.0.1")
    hanh = office.client("hanh")
    refused(hanh, url, tmp_path / "other/ca.pem", "không biết nơi cấp chứng thư")
    refused(hanh, url, None, "không biết nơi cấp chứng thư")
    (tmp_path / "empty.pem").write_text("no certificate\n")
    refused(hanh, url, tmp_path / "empty.pem", "không đọc được tệp chứng thư gốc")
    hanh.login("--ca", tmp_path / "missing.pem", server=url, expect=66)
    assert password("hanh") not in office.tail()


def test_wrong_name(offices, tmp_path):
    make_ca(tmp_path / "c", "congvu.example")
    office = offices(start=False)
    url = serve(office, tmp_path / "c")
    refused(office.client("hanh"), url, tmp_path / "c/ca.pem", "mang tên khác")


@pytest.mark.parametrize("when, sentence", [("2099-01-01 08:00:00", "đã hết hạn"), ("2020-01-01 08:00:00", "chưa có hiệu lực")])
def test_out_of_its_time(tls, certs, clock, when, sentence):
    office, url = tls
    clock.set(when)
    hanh = office.client("hanh", clock=clock)
    refused(hanh, url, certs / "ca.pem", sentence)


def test_an_impostor_gets_nothing_later_either(tls, certs, tmp_path):
    """After a good login the server is replaced by one with another authority: the report stays, unsent, and says why."""
    office, url = tls
    hanh = office.client("hanh")
    hanh.login("--ca", certs / "ca.pem", server=url)
    port = office.port
    office.stop()
    make_ca(tmp_path / "other", "127.0.0.1")
    serve(office, tmp_path / "other", port=port)
    done = hanh.submit("không gửi cho kẻ giả", expect=78)
    assert "không biết nơi cấp" in done.err and len(hanh.outbox()) == 1
    office.stop()
    serve(office, certs, port=port)
    hanh.run("sync")
    assert hanh.outbox() == []


def test_hangup_reads_the_certificate_again(offices, tmp_path):
    make_ca(tmp_path / "c", "127.0.0.1")
    office = offices(start=False)
    serve(office, tmp_path / "c")
    ca = tmp_path / "c/ca.pem"
    old = serial(office.port, ca)[0]
    make_ca(tmp_path / "c", "127.0.0.1", "localhost")
    assert serial(office.port, ca)[0] == old
    office.server.send_signal(1)
    wait_until(lambda: serial(office.port, ca)[0] != old, 30, every=0.05, why="the new certificate")
    new = serial(office.port, ca)[0]
    key = (tmp_path / "c/server.key").read_bytes()
    (tmp_path / "c/server.key").write_text("broken\n")
    office.server.send_signal(1)
    office.server.send_signal(1)
    assert serial(office.port, ca)[0] == new
    (tmp_path / "c/server.key").write_bytes(key)


def test_plain_http_is_for_loopback_alone(office, offices):
    hanh = office.client("hanh")
    for host in ("congvu.example", "10.0.0.1", "127.0.0.1.example", "[::2]", "0.0.0.0"):
        done = hanh.login(server=f"http://{host}:1", expect=78)
        assert "chỉ nối bằng https" in done.err, done
    hanh.login("--ca", ROOT / "README.md", expect=64)
    closed = offices(start=False)
    done = subprocess.run([program("congvud"), "serve", "--data", closed.data, "--listen", "0.0.0.0:0"], env=closed.env(), capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "TLS" in done.stderr, done
    loose = closed.root / "loose"
    make_ca(loose, "127.0.0.1")
    os.chmod(loose / "server.key", 0o644)
    done = subprocess.run([program("congvud"), "serve", "--data", closed.data, "--listen", "127.0.0.1:0", "--tls-cert", loose / "server.pem", "--tls-key", loose / "server.key"],
                          env=closed.env(), capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "server.key" in done.stderr, done
