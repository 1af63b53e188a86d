"""nDCG with graded gains. Pure.

scikit-learn's `ndcg_score` ranks every judged document, so one that a search did not return
would still gain; here only what was returned does (for complete rankings both agree, see the test).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import log2
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
DEPTH = 10


def ndcg(found: Sequence[K], grades: Mapping[K, int], depth: int = DEPTH) -> float:
    """`found`: what was returned, the best first; of repeats only the first one gains, the others
    still take a place. ValueError when nothing is judged to be wanted."""
    ideal = _dcg(sorted(grades.values(), reverse=True), depth)
    if not ideal:
        raise ValueError("no document is judged to be wanted")
    seen: set[K] = set()
    gained = []
    for key in found:
        gained.append(0 if key in seen else grades.get(key, 0))
        seen.add(key)
    return _dcg(gained, depth) / ideal


def _dcg(grades: Sequence[int], depth: int) -> float:
    """The gain 2^grade - 1, discounted by the place's logarithm."""
    return sum((2**grade - 1) / log2(at + 2) for at, grade in enumerate(grades[:depth]))
