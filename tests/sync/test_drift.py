# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client draws is what the server makes of it. Shown by 5; contract 9, 34."""

import re
import subprocess

import pytest

from faults import tool


def drift(client, seed, sequences, batch, *kind, **env):
    return subprocess.run([tool("drift"), str(seed), str(sequences), str(batch), *kind], env=client.env(env), capture_output=True, text=True, timeout=900)


@pytest.mark.parametrize("sequences", [10000, pytest.param(60000, marks=pytest.mark.soak)])
def test_drawn_object_equals_the_servers(office, client, rng, sequences):
    for user, n in (("hanh", sequences * 7 // 10), ("truong", sequences // 10)):
        done = drift(client(user), rng.randrange(1 << 30), n, 45)
        assert done.returncode == 0, (done.stdout, done.stderr)
        acts, refused, compared = map(int, re.search(r"(\d+) operations, (\d+) refused, (\d+) objects", done.stdout).groups())
        assert acts > n and compared > n // 3 and 0 < refused < acts // 2, done.stdout
    for route in ("desk", "head", "leader", "head_leader"):
        office.admin("procedure", "set", f"1.00{route}", "--name", f"Thủ tục {route}", "--field", "Hộ tịch", "--days", "3", "--route", route, "--unit", "p1" if route == "desk" else "mc")
    # One person in every role takes most steps that there are; nobody else could offline, without the others.
    office.add_user("tatca", "Vũ Tất Cả", "mc", "officer,clerk,registrar,head,leader")
    for user, n in (("motcua", sequences // 20), ("tatca", sequences // 10), ("hanh", sequences // 20)):
        done = drift(client(user), rng.randrange(1 << 30), n, 45, "dossiers")
        assert done.returncode == 0, (done.stdout, done.stderr)
        acts, refused, compared, kinds = map(int, re.search(r"(\d+) operations, (\d+) refused, (\d+) objects compared, (\d+) kinds", done.stdout).groups())
        assert acts > n and compared > n // (10 if user == "hanh" else 3) and refused < acts, done.stdout
        assert user != "tatca" or kinds >= 14, done.stdout
    office.admin("check")


def test_without_the_clients_apply_it_fails(office, client, rng):
    done = drift(client("hanh"), rng.randrange(1 << 30), 40, 20, DRIFT_NO_APPLY="1")
    assert done.returncode == 1 and "drift:" in done.stdout, (done.stdout, done.stderr)
