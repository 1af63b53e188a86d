"""Words of the dictionaries in a batch: what the tagger may lean on, and the division names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.divisions import divisions
from models.gazetteer import NOT_PLACES, Named
from models.joined import Joined
from models.lexicon import read
from models.wordscan import WordScan

# What a character is within a word: odd at its begin, the next even number after it.
_DIVISION, _COUNTY, _ABROAD, _ROLE = 1, 3, 5, 7


@dataclass(frozen=True)
class Marks:
    """`flags[i]` says which kind of word character i of the batch begins or goes on (0: none)."""

    flags: npt.NDArray[np.uint8]
    names: list[Named]
    roles: list[tuple[int, int]]  # begin and end of words for people and bodies


class _Dictionary(NamedTuple):
    scan: WordScan
    kinds: npt.NDArray[np.uint8]  # of each word of the scan
    codes: list[tuple[str, ...]]  # of each word, when it is a division


@cache
def _dictionary() -> _Dictionary:
    table = divisions()
    kinds = dict.fromkeys((word for word in read("roles") if len(word) > 1), _ROLE)
    kinds |= dict.fromkeys(read("abroad"), _ABROAD)
    kinds |= {name: _DIVISION if name in table.plain else _COUNTY for name in table.names}
    kinds |= dict.fromkeys(NOT_PLACES, 0)
    scan = WordScan(kinds)
    return _Dictionary(
        scan,
        np.array([kinds[word] for word in scan.words], dtype=np.uint8),
        [table.names.get(word, ()) for word in scan.words],
    )


def marks(batch: Joined) -> Marks:
    """The words found, the longest at each place, without overlap."""
    known = _dictionary()
    places, numbers = known.scan.numbers(batch.codes)
    flags = np.zeros(len(batch.codes), dtype=np.uint8)
    if not len(places):
        return Marks(flags, [], [])
    begin, number = places, numbers
    kind, length = known.kinds[number], known.scan.lengths[number]
    last = np.cumsum(length)
    inside = np.arange(last[-1]) + np.repeat(begin - (last - length), length)
    flags[inside] = np.repeat(np.where(kind > 0, kind + 1, 0), length)
    flags[begin] = kind
    end = begin + length
    division = np.flatnonzero((kind == _DIVISION) | (kind == _COUNTY))
    names = [
        Named(a, b, known.codes[n], k == _DIVISION)
        for a, b, n, k in _rows(division, begin, end, number, kind)
    ]
    role = np.flatnonzero(kind == _ROLE)
    return Marks(flags, names, list(_rows(role, begin, end)))


def _rows(kept: npt.NDArray[np.int64], *columns: npt.NDArray[Any]) -> Iterator[tuple[Any, ...]]:
    return zip(*(column[kept].tolist() for column in columns), strict=True)
