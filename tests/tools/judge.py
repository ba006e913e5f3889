# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what was promised with what is there.

A promise is an exit status of congvu (or a result of the contract) about one unique text. The judge reads the server's rows
through somebody else's account and says what was lost, doubled or appeared from nowhere.
"""

from collections import Counter
from dataclasses import dataclass, field

KEPT = (0, 75, 76, 77)  # the act is safe: it is at the server, or queued and will be
REFUSED = (64, 65, 66, 73)  # nothing was stored
OPEN = (-9, 137, None)  # the program was killed before it could promise: once or not at all


@dataclass
class Judge:
    promises: dict = field(default_factory=dict)  # text -> list of exit codes

    def promise(self, text: str, code):
        self.promises.setdefault(text, []).append(code)

    def verdict(self, texts: list) -> dict:
        """texts: all texts found at the server, one entry per report or revision that carries it."""
        there = Counter(texts)
        out = {"lost": [], "doubled": [], "phantom": []}
        for text, codes in self.promises.items():
            n = there.get(text, 0)
            if n > 1:
                out["doubled"].append((text, n, codes))
            if n == 0 and any(c in KEPT for c in codes):
                out["lost"].append((text, codes))
            if n >= 1 and all(c in REFUSED for c in codes):
                out["phantom"].append((text, codes))
        out["phantom"] += [(t, "never promised") for t in there if t not in self.promises]
        return out

    def check(self, texts: list, story=""):
        v = self.verdict(texts)
        assert not any(v.values()), f"{story}\nlost {v['lost']}\ndoubled {v['doubled']}\nphantom {v['phantom']}"
