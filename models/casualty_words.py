"""Where a batch speaks of harm: the words, and the sentences and clauses they stand in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.casualty_patterns import ABSORBED, OTHERS, WORDS
from models.joined import FOLD, Joined
from models.wordscan import WordScan

_SCAN = WordScan({*WORDS, *ABSORBED, *OTHERS})
_NAMED = [(word, WORDS.get(word, "")) for word in _SCAN.words]
_NUMERAL, _SINGLE = 1, 2
_SINGLES = {"死": "deaths", "亡": "deaths", "伤": "injuries"}
_FLAGS = np.zeros(0x10000, dtype=np.uint8)
for _marks, _bit in (("0123456789一二两三四五六七八九十百千人", _NUMERAL), ("死亡伤", _SINGLE)):
    _FLAGS[[ord(c) for c in _marks]] |= _bit
_FLAGS = _FLAGS[FOLD]


class Hit(NamedTuple):
    """`word` at `at` of the batch; `field` is what it counts, "" for other words of harm."""

    at: int
    word: str
    field: str


def hits(batch: Joined) -> list[Hit]:
    """The words of harm, in order: whole words, and 死, 亡, 伤 right after a number (三死五伤)."""
    places, numbers = _SCAN.numbers(batch.codes)
    found = [Hit(at, *_NAMED[n]) for at, n in zip(places, numbers, strict=True)]
    flags = _FLAGS.take(batch.codes)
    pairs = np.flatnonzero(((flags[:-1] & _NUMERAL) != 0) & ((flags[1:] & _SINGLE) != 0)) + 1
    taken = {at for hit in found for at in range(hit.at, hit.at + len(hit.word))}
    for at in pairs.tolist():
        if at not in taken:
            found.append(Hit(at, batch.text[at], _SINGLES[batch.text[at]]))
    return sorted(found, key=lambda hit: hit.at) if len(pairs) else found


class Placed(NamedTuple):
    """A hit with the bounds of its sentence and the begin of its clause."""

    begin: int
    end: int
    clause: int
    hit: Hit
