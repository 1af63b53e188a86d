"""Words of the dictionaries in a batch: what the tagger may lean on, and the division names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

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


@cache
def _dictionary() -> tuple[WordScan, dict[str, int]]:
    table = divisions()
    kinds = dict.fromkeys((word for word in read("roles") if len(word) > 1), _ROLE)
    kinds |= dict.fromkeys(read("abroad"), _ABROAD)
    kinds |= {name: _DIVISION if name in table.plain else _COUNTY for name in table.names}
    kinds |= dict.fromkeys(NOT_PLACES, 0)
    return WordScan(kinds), kinds


def marks(batch: Joined) -> Marks:
    """The words found, the longest at each place, without overlap."""
    scan, kinds = _dictionary()
    table = divisions()
    names: list[Named] = []
    roles: list[tuple[int, int]] = []
    begins: list[int] = []
    lengths: list[int] = []
    found: list[int] = []
    for at, word in scan.find(batch.text, batch.codes):
        kind = kinds[word]
        if kind:
            begins.append(at)
            lengths.append(len(word))
            found.append(kind)
            if kind == _ROLE:
                roles.append((at, at + len(word)))
            elif kind <= _COUNTY:
                names.append(Named(at, at + len(word), table.names[word], kind == _DIVISION))
    return Marks(_flags(len(batch.codes), begins, lengths, found), names, roles)


def _flags(
    size: int, begins: list[int], lengths: list[int], kinds: list[int]
) -> npt.NDArray[np.uint8]:
    flags = np.zeros(size, dtype=np.uint8)
    if begins:
        begin, length = np.array(begins), np.array(lengths)
        last = np.cumsum(length)
        inside = np.arange(last[-1]) + np.repeat(begin - (last - length), length)
        flags[inside] = np.repeat(np.array(kinds, dtype=np.uint8) + 1, length)
        flags[begin] = kinds
    return flags
