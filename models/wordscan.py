"""Many words looked for in a batch of code points: the longest at each place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from models.wordtable import codes_of, table_of

_LONGEST = 30  # characters of a word
_TOP = 0xFFFF  # code points above count as this one

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint16]


class WordScan:
    """Finds the longest word at each place. ValueError for a word of 1 or of over 30 characters."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted(set(words))
        wrong = next((w for w in self.words if not 2 <= len(w) <= _LONGEST), None)
        if wrong is not None:
            raise ValueError(f"the word {wrong!r} is shorter than two characters, or very long")
        self.lengths = np.array([len(word) for word in self.words], dtype=np.int64)
        codes, starts = codes_of(self.words)
        self._table = table_of(np.minimum(codes, _TOP).astype(np.uint16), starts)

    def numbers(self, codes: Codes) -> tuple[Ints, Ints]:
        """(places, word numbers) in order, without overlap; `codes` are code points.

        `words[number]` is the word.
        """
        whole = np.array([0, len(codes)], dtype=np.int64)
        _, at, numbers = self._table.find(codes, whole, overlapping=False)
        return at, numbers

    def find(self, codes: Codes) -> Iterator[tuple[int, str]]:
        """(where, word) in order, without overlap."""
        at, numbers = self.numbers(codes)
        for place, number in zip(at.tolist(), numbers.tolist(), strict=True):
            yield place, self.words[number]
