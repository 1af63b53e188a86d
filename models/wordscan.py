"""Many words looked for in a whole batch at once, with array operations.

A hash of every two neighbouring characters tells where some word may begin. From those few
places longer and longer pieces are hashed (64 bits) and looked up in a table for their length.
The cost hardly grows with the number of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

_BITS = 18
_A, _B = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_LONGEST = 30  # characters of a word

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint16]
# An odd number for each place of a word; a piece's hash is the sum of character times number.
_PLACES = np.random.default_rng(20_261_124).integers(1, 2**63, _LONGEST, dtype=np.uint64) * 2 + 1


def _slots(codes: Codes) -> npt.NDArray[np.uint32]:
    wide = codes.astype(np.uint32)
    return ((wide[:-1] * _A) ^ (wide[1:] * _B)) >> np.uint32(32 - _BITS)


class _Table:
    """Hash -> number of the word, for the words of one length: open addressing in layers."""

    def __init__(self, hashes: npt.NDArray[np.uint64], numbers: Ints) -> None:
        self._shift = np.uint64(64 - max(4, int(len(hashes) * 4).bit_length()))
        self._hashes: list[npt.NDArray[np.uint64]] = []
        self._numbers: list[Ints] = []
        while len(hashes):
            slots = self._slots(hashes)
            _, first = np.unique(slots, return_index=True)
            layer = np.zeros(1 << (64 - int(self._shift)), dtype=np.uint64)
            named = np.full(len(layer), -1, dtype=np.int64)
            layer[slots[first]] = hashes[first]
            named[slots[first]] = numbers[first]
            self._hashes.append(layer)
            self._numbers.append(named)
            hashes, numbers = np.delete(hashes, first), np.delete(numbers, first)

    def _slots(self, hashes: npt.NDArray[np.uint64]) -> Ints:
        return ((hashes * _SPREAD) >> self._shift).astype(np.int64)

    def look(self, hashes: npt.NDArray[np.uint64], found: Ints) -> None:
        """Write the number of each hash that is a word into `found`."""
        slots = self._slots(hashes)
        for layer, named in zip(self._hashes, self._numbers, strict=True):
            hit = np.flatnonzero(layer.take(slots) == hashes)
            found[hit] = named.take(slots[hit])


class WordScan:
    """Finds the longest word at each place. ValueError for a word of 1 or of over 30 characters."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted(set(words))
        wrong = next((w for w in self.words if not 2 <= len(w) <= _LONGEST), None)
        if wrong is not None:
            raise ValueError(f"the word {wrong!r} is shorter than two characters, or very long")
        self.lengths = np.array([len(word) for word in self.words], dtype=np.int64)
        self._heads = np.zeros(1 << _BITS, dtype=np.bool_)
        self._tables: dict[int, _Table] = {}
        for length in sorted(set(self.lengths.tolist())):
            numbers = np.flatnonzero(self.lengths == length)
            codes = np.array(
                [[min(ord(c), 0xFFFF) for c in self.words[n]] for n in numbers], dtype=np.uint64
            )
            self._tables[length] = _Table((codes * _PLACES[:length]).sum(axis=1), numbers)
            self._heads[_slots(codes[:, :2].astype(np.uint16).ravel())[::2]] = True

    def numbers(self, codes: Codes) -> tuple[list[int], list[int]]:
        """(places, word numbers) in order, without overlap; `codes` are code points.

        `words[number]` is the word.
        """
        at = np.flatnonzero(self._heads.take(_slots(codes)))
        if not len(at) or not self.words:
            return [], []
        hashes = codes[at] * _PLACES[0]
        found = np.full(len(at), -1, dtype=np.int64)
        for length in range(2, max(self._tables) + 1):
            hashes += codes.take(at + (length - 1), mode="clip") * _PLACES[length - 1]
            if length in self._tables:
                self._tables[length].look(hashes, found)
        hit = found >= 0
        at, found = at[hit], found[hit]
        ends = at + self.lengths[found]
        if (at[1:] < ends[:-1]).any():
            kept = _apart(at.tolist(), ends.tolist())
            at, found = at[kept], found[kept]
        return at.tolist(), found.tolist()

    def find(self, codes: Codes) -> Iterator[tuple[int, str]]:
        """(where, word) in order, without overlap."""
        for at, number in zip(*self.numbers(codes), strict=True):
            yield at, self.words[number]


def _apart(at: list[int], ends: list[int]) -> list[int]:
    """The indices of those that do not begin within one kept before."""
    kept, reached = [], 0
    for n, begin in enumerate(at):
        if begin >= reached:
            kept.append(n)
            reached = ends[n]
    return kept
