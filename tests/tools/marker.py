# SPDX-License-Identifier: GPL-3.0-or-later
"""A word that must be found in no file, and the search for it."""

import base64
import os
from pathlib import Path

# Its own in every process: tests that run side by side search the same /tmp.
MARKER = "ZXQMARKERKHONGLO" + "".join(chr(ord("A") + os.getpid() // 26**i % 26) for i in range(5))


def traces(roots, since, skip=()):
    """Files changed since then that hold the marker, plainly, in hex or in any of base64's three positions."""
    raw = MARKER.encode()
    needles = [raw, raw.hex().encode(), raw.decode().encode("utf-16-le")]
    needles += [base64.b64encode(b"x" * i + raw)[4 if i else 0 : -4] for i in range(3)]
    found = []
    for root in roots:
        for top, dirs, files in os.walk(root):
            dirs[:] = [d for d in dirs if os.path.join(top, d) not in skip]
            for name in files:
                path = Path(top, name)
                try:
                    if path.is_symlink() or path.stat().st_mtime < since or path.stat().st_size > 64 << 20:
                        continue
                    data = path.read_bytes()
                except (FileNotFoundError, PermissionError, OSError):
                    continue
                if any(n in data for n in needles):
                    found.append(str(path))
    return found
