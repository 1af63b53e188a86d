"""A table of words that are looked for at every place of a batch, in one pass.

A table over the hash of two characters lets nearly no place through where no word begins;
from the few that are left longer and longer pieces are hashed (64 bits) and looked up. The
cost hardly grows with the number of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.compiled import compiled, inlined

_BITS = 18
_SHIFT = np.uint32(32 - _BITS)
_A, _B = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)
_STEP = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class WordTable:
    """heads: bool[2**18]; keys, numbers: of the words, by open addressing (key 0: free);
    lengths: bool[longest + 1], which lengths there are."""

    heads: np.ndarray
    keys: np.ndarray
    numbers: np.ndarray
    lengths: np.ndarray

    def find(
        self, codes: np.ndarray, starts: np.ndarray, overlapping: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(text, place, word number of each word found: int64), in order of place, then length.

        Text i is codes[starts[i]:starts[i + 1]]. overlapping: every word wherever it stands;
        else the longest at each place, and none that begins within one found before.
        """
        return _find(codes, starts, overlapping, self.heads, self.keys, self.numbers, self.lengths)


def table_of(codes: np.ndarray, starts: np.ndarray) -> WordTable:
    """The table of the words codes[starts[i]:starts[i + 1]], numbered in order. ValueError with
    the word's number as its first argument when one is shorter than two characters or twice
    there."""
    sizes = np.diff(starts)
    if len(sizes) and sizes.min() < 2:
        raise ValueError(int(np.argmin(sizes)), "is shorter than two characters")
    heads = np.zeros(1 << _BITS, dtype=np.bool_)
    slots = 1 << max(4, int(len(sizes) * 4).bit_length())
    keys, numbers = np.zeros(slots, np.uint64), np.zeros(slots, np.int64)
    twice = _fill(codes, starts, heads, keys, numbers)
    if twice >= 0:
        raise ValueError(twice, "is given twice")
    lengths = np.bincount(sizes, minlength=2).astype(np.bool_)
    return WordTable(heads, keys, numbers, lengths)


def codes_of(words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(code points of all words, joined; where each begins)."""
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    sizes = np.fromiter(map(len, words), np.int64, len(words))
    return codes, np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


@inlined
def _head(first: int, second: int) -> int:
    mixed = np.uint32(np.uint32(first) * _A) ^ np.uint32(np.uint32(second) * _B)
    return np.int64(np.uint32(mixed) >> _SHIFT)


@inlined
def _longer(key: int, code: int) -> int:
    """The key of a piece with one more character."""
    key = np.uint64((key ^ np.uint64(code)) * _STEP)
    return np.uint64(key ^ (key >> np.uint64(29)))


@inlined
def _slot(key: int, keys: np.ndarray) -> int:
    """Where the key is, or the free slot where it would be."""
    mask = np.int64(len(keys) - 1)
    slot = np.int64((key >> np.uint64(24)) & np.uint64(mask))
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


@compiled
def _fill(
    codes: np.ndarray, starts: np.ndarray, heads: np.ndarray, keys: np.ndarray, numbers: np.ndarray
) -> int:
    """The number of the first word that is there twice, or -1."""
    for word in range(len(starts) - 1):
        first = starts[word]
        heads[_head(codes[first], codes[first + 1])] = True
        key = np.uint64(0)
        for at in range(first, starts[word + 1]):
            key = _longer(key, codes[at])
        slot = _slot(key, keys)
        if keys[slot] != 0:
            return word
        keys[slot], numbers[slot] = key, word
    return -1


@compiled
def _find(
    codes: np.ndarray, starts: np.ndarray, overlapping: bool, heads: np.ndarray, keys: np.ndarray,
    numbers: np.ndarray, lengths: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    found = np.empty((3, 1024), np.int64)
    many = 0
    for text in range(len(starts) - 1):
        last, reached = starts[text + 1], np.int64(0)
        for at in range(starts[text], last - 1):
            if not heads[_head(codes[at], codes[at + 1])] or (at < reached and not overlapping):
                continue
            key, longest = _longer(np.uint64(0), codes[at]), np.int64(-1)
            for size in range(2, min(len(lengths), last - at + 1)):
                key = _longer(key, codes[at + size - 1])
                if not lengths[size]:
                    continue
                slot = _slot(key, keys)
                if keys[slot] == 0:
                    continue
                if overlapping or longest < 0:
                    if many == found.shape[1]:
                        wider = np.empty((3, 2 * many), np.int64)
                        wider[:, :many] = found
                        found = wider
                    found[0, many], found[1, many] = text, at
                    many += 1
                longest, reached = numbers[slot], at + size
                found[2, many - 1] = longest
    return found[0, :many].copy(), found[1, :many].copy(), found[2, :many].copy()
