# SPDX-License-Identifier: GPL-3.0-or-later
"""Offices to measure: made dossiers sent through the wire, or real requests of another city through congvud import."""

import json
import random
import time
from pathlib import Path

from office import Office
from wire import uuid7

FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLE = "Văn Thị Đức Ngọc Quang Minh Thu Hữu Xuân Thanh Bá Kim".split()
GIVEN = "Hạnh Lan Trường Phó Thư Một Dân Khuê Ổn Hải Tuấn Hương Mai Sơn Bình Yến Đạt Thảo Vy Khánh Uyên".split()
PROCEDURES = [("1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", 3), ("1.001193", "Đăng ký khai sinh", 1), ("2.000815", "Chứng thực bản sao từ bản chính", 2),
              ("1.000894", "Đăng ký kết hôn", 5), ("1.010723", "Cấp giấy phép xây dựng nhà ở riêng lẻ", 20)]


def office_at(root: Path) -> Office:
    office = Office(root)
    office.init()
    for code, name, days in PROCEDURES:
        office.admin("procedure", "set", code, "--name", name, "--field", "Tư pháp", "--days", str(days), "--route", "leader", "--unit", "p1")
    return office


def name(rng):
    return f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S+07:00", time.gmtime(seconds + 7 * 3600))


def make_dossiers(office: Office, n: int):
    """n accepted dossiers of the one-stop desk, received over the last two months; the office has to be running."""
    rng = random.Random(7)
    desk = office.wire("motcua")
    now = time.time()
    made = 0
    while made < n:
        push = []
        for _ in range(min(50, n - made)):
            oid = uuid7()
            made += 1
            push.append(desk.element("dossier.new", oid, {
                "procedure": rng.choice(PROCEDURES)[0], "channel": rng.randint(1, 3),
                "applicant": {"name": name(rng), "phone": f"09{rng.randrange(10**8):08d}", "address": f"Số {rng.randrange(1, 400)} ngõ {rng.randrange(1, 90)}"},
                "submitted_at": stamp(now - rng.randrange(60 * 86400))}))
            push.append(desk.element("dossier.accept", oid, {}))
        answer = desk.sync(push, max=1, book=False)
        desk.epoch = answer["epoch"]
        bad = [r for r in answer["results"] if r["st"] != "applied"]
        assert not bad and len(answer["results"]) == len(push), json.dumps(bad[:2], ensure_ascii=False)
        desk.ack = desk.mid
    return made
