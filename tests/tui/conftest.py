# SPDX-License-Identifier: GPL-3.0-or-later
import pytest


@pytest.fixture
def desk(timed, pty):
    """Hạnh before her screen at 11:06 of a working day, and the office that can be stopped."""
    timed.clock.set("2026-11-25 11:06:00")
    hanh = timed.client("hanh")
    hanh.login()
    s = pty(hanh)
    s.wait_for("Hồ sơ", 30)
    s.client = hanh
    return s
