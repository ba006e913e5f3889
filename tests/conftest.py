# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for all end-to-end tests. The tools behind them are in tests/tools."""

import json
import os
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "tools"))
sys.dont_write_bytecode = True

from clock import Clock  # noqa: E402
from office import Office  # noqa: E402
from proxy import Proxy  # noqa: E402

SEED = int(os.environ.get("CONGVU_SEED") or random.SystemRandom().randrange(1 << 31))


def pytest_addoption(parser):
    parser.addoption("--soak", action="store_true", help="also run the long tests")


def pytest_configure(config):
    config.addinivalue_line("markers", "soak: takes minutes; runs only with --soak (make soak)")
    config.addinivalue_line("markers", "load: measures time or load; runs with nothing beside it")


OPEN = [
    line.split(None, 1)
    for line in (Path(__file__).parent / "open.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


def pytest_collection_modifyitems(config, items):
    for item in items:
        for start, why in OPEN:
            if item.nodeid.startswith(start):
                item.add_marker(pytest.mark.xfail(reason=why.strip(), run=not start.endswith("/")))
    if config.getoption("--soak"):
        return
    skip = pytest.mark.skip(reason="long: make soak")
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(skip)


RESULTS = os.environ.get("CONGVU_TEST_RESULTS")


def note(test, outcome):
    """One line for tests/tools/run-e2e. The reports of workers arrive at the process that started them, which writes."""
    if RESULTS and "PYTEST_XDIST_WORKER" not in os.environ:
        with open(RESULTS, "a") as f:
            f.write(json.dumps([test, outcome]) + "\n")


def pytest_runtest_logreport(report):
    if report.failed:
        note(report.nodeid, "failed")
    elif report.skipped:
        note(report.nodeid, "xfailed" if hasattr(report, "wasxfail") else "skipped")
    elif report.when == "call":
        note(report.nodeid, "passed")


def pytest_collectreport(report):
    if report.failed:
        note(report.nodeid, "failed")


def pytest_report_header(config):
    return f"seed {SEED} (CONGVU_SEED={SEED} repeats it)"


def pytest_terminal_summary(terminalreporter):
    if terminalreporter.stats.get("failed"):
        terminalreporter.write_line(f"seed {SEED} (CONGVU_SEED={SEED} repeats it)")


@pytest.fixture
def rng(request):
    """Seeded by the printed seed and the test's name, so that one test alone repeats what it did in the whole run."""
    return random.Random(f"{SEED}:{request.node.name}")


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """An office with its people, made once by the admin commands; tests get copies."""
    office = Office(tmp_path_factory.mktemp("template"))
    office.init()
    return office


@pytest.fixture
def offices(template, tmp_path):
    """Makes offices: offices(clock=…, start=True, env=…). All are stopped at the end, and the stop has to be clean."""
    made = []

    def make(clock=None, start=True, **kw):
        office = template.copy_to(tmp_path / f"o{len(made)}", clock)
        made.append(office)
        if start:
            office.start(**kw)
        return office

    yield make
    errors = []
    for office in made:
        try:
            if office.server is not None and office.gone():
                errors.append(f"congvud ended by itself with {office.reap()}: {office.tail()}")
            office.stop()
        except AssertionError as e:
            errors.append(str(e))
    assert not errors, errors


@pytest.fixture
def office(offices):
    return offices()


@pytest.fixture
def clock(tmp_path):
    """Wednesday 25 November 2026, 09:30: an ordinary working day."""
    return Clock(tmp_path / "clock", "2026-11-25 09:30:00")


@pytest.fixture
def timed(offices, clock):
    """An office whose server and clients live by the movable clock (office.clock)."""
    return offices(clock=clock)


@pytest.fixture
def client(office):
    """client("hanh"): a person's own HOME, logged in."""

    def make(user, login=True, home=None):
        c = office.client(user, home)
        if login:
            c.login()
        return c

    return make


@pytest.fixture
def proxy(office):
    """Between the clients and the office; set proxy.plan."""
    with Proxy(office.port) as p:
        yield p


@pytest.fixture
def pty(request):
    """pty(client, …): congvu (or another command) on a screen; closed at the end."""
    from screen import Screen

    made = []

    def make(*args, **kw):
        made.append(Screen(*args, **kw))
        return made[-1]

    yield make
    for screen in made:
        screen.close()
