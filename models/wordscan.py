"""Many words looked for in a whole batch at once.

A hash of every two neighbouring characters tells where some word may begin; only those few
places are looked at in Python. The cost does not grow with the number of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

_BITS = 18
_A, _B = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)


def _slots(codes: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint32]:
    wide = codes.astype(np.uint32)
    return ((wide[:-1] * _A) ^ (wide[1:] * _B)) >> np.uint32(32 - _BITS)


class WordScan:
    """Finds the longest word at each place. ValueError for a word of fewer than two characters."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        short = next((word for word in self._words if len(word) < 2), None)
        if short is not None:
            raise ValueError(f"the word {short!r} is shorter than two characters")
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {head: tuple(sorted(s, reverse=True)) for head, s in lengths.items()}
        self._heads = np.zeros(1 << _BITS, dtype=np.bool_)
        if lengths:
            codes = np.array([min(ord(c), 0xFFFF) for c in "".join(lengths)], dtype=np.uint16)
            self._heads[_slots(codes)[::2]] = True

    def find(self, text: str, codes: npt.NDArray[np.uint16]) -> Iterator[tuple[int, str]]:
        """(where, word) in order, without overlap; `codes` are the code points of `text`."""
        reached = 0
        for at in np.flatnonzero(self._heads.take(_slots(codes))).tolist():
            if at < reached:
                continue
            for length in self._lengths.get(text[at : at + 2], ()):
                word = text[at : at + length]
                if word in self._words:
                    yield at, word
                    reached = at + length
                    break

    def places(self, text: str, codes: npt.NDArray[np.uint16]) -> list[int]:
        """Where a word stands, as `find` but without the words."""
        return [at for at, _ in self.find(text, codes)]
