# SPDX-License-Identifier: GPL-3.0-or-later
"""Text photographs of screens: tests/tui/photos/NAME.txt. CONGVU_PHOTOS=write takes them anew; look at the difference."""

import os
import re
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "tui" / "photos"


def steady(text: str) -> str:
    """What depends on the minute the test runs in, in as many columns."""
    text = re.sub(r"\d\d:\d\d", "··:··", text)
    return re.sub(r"(còn|muộn) [\d giờ]+(phút|ph)\b", lambda m: m.group().translate(str.maketrans("0123456789", "··········")), text)


def taken(screen) -> str:
    """All but the last row, which changes with every action that is added."""
    return steady("\n".join(screen.lines[:-1])).rstrip("\n") + "\n"


def compare(screen, name: str, deadline=30):
    """The screen becomes the photograph (it may still be drawing); all rows stay within 79 columns of 80."""
    path = FOLDER / f"{name}.txt"
    if os.environ.get("CONGVU_PHOTOS") == "write":
        screen.settle(0.5)
        FOLDER.mkdir(exist_ok=True)
        path.write_text(taken(screen))
    expected = path.read_text()
    try:
        screen.wait_for(lambda s: taken(s) == expected, deadline)
    except AssertionError:
        raise AssertionError(f"{name} is\n{taken(screen)}\nand was\n{expected}") from None
    assert all(len(line) < screen.cols for line in screen.lines)
