"""Words said much more often now than in their past (C6). Pure.

A word's documents of the window are set against those of the past by Dunning's likelihood ratio
G², which stays honest with small numbers; a minimum of documents and of growth keeps chance and
what is always said out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

SUPPORT = 4  # documents of the window
GROWTH = 3.0  # times its share in the past
SIGNIFICANT = 15.1  # G² of one chance in ten thousand
SMALLEST_PAST = 50  # documents; with less there is no past to rise from
_WORD = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z][A-Za-z0-9+.-]{2,}")


@dataclass(frozen=True)
class Counted:
    """A word in documents of the window and of the past."""

    word: str
    now: int
    before: int


@dataclass(frozen=True)
class Rising:
    word: str
    documents: int
    expected: float  # by its share in the past
    score: float  # square root of G²: standard deviations, about


def rising(words: Iterable[Counted], now: int, before: int, limit: int = 20) -> list[Rising]:
    """The most significant first, of windows of `now` and `before` documents."""
    if before < SMALLEST_PAST or now <= 0:
        return []
    found = []
    for each in words:
        if each.now < SUPPORT or not _WORD.fullmatch(each.word):
            continue
        share = (each.before + 0.5) / (before + 1)
        expected = share * now
        statistic = g_squared(each.now, now, each.before, before)
        if each.now >= GROWTH * expected and statistic >= SIGNIFICANT:
            found.append(Rising(each.word, each.now, round(expected, 2), round(statistic**0.5, 2)))
    return sorted(found, key=lambda r: (-r.score, r.word))[:limit]


def g_squared(a: int, a_of: int, b: int, b_of: int) -> float:
    """Of two shares a/a_of and b/b_of; 0 when they are equal."""
    together = (a + b) / (a_of + b_of)

    def part(count: float, expected: float) -> float:
        return count * log(count / expected) if count > 0 else 0.0

    return 2 * (
        part(a, a_of * together) + part(b, b_of * together)
        + part(a_of - a, a_of * (1 - together)) + part(b_of - b, b_of * (1 - together))
    )  # fmt: skip
