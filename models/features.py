"""Hashed features of a batch: character n-grams, and words where they were cut.

Each kind has a part of one table of BUCKETS rows. A feature counts as often as it occurs;
nothing is looked up by name, so a model keeps numbers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix

from models.gramsums import WIDTH, feature_sums
from models.textpass import LETTER, TextPass
from models.words import Words

KINDS = ("1", "2", "3", "4", "w")  # characters alone, in twos, threes, fours; words
_BITS = {"1": 15, "2": 18, "3": 19, "4": 19, "w": 17}  # of each kind's own part of the table
_SHIFT = {kind: np.uint32(32 - bits) for kind, bits in _BITS.items()}
_OFFSET = {kind: 1 + sum(1 << _BITS[k] for k in KINDS[:at]) for at, kind in enumerate(KINDS)}
EVERY = np.zeros(0, dtype=np.int32)  # rows of a table that has one for every bucket
NO_WORDS = np.zeros(0, dtype=np.uint32)
BUCKETS = 1 + sum(1 << bits for bits in _BITS.values())  # bucket 0 stands for no feature


@dataclass(frozen=True)
class Features:
    """Of one batch; `words` are its words (models.words)."""

    batch: TextPass
    words: Words | None = None
    _kept: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    @cached_property
    def letters(self) -> np.ndarray:
        """int64[texts]: letters and digits."""
        said = np.concatenate(([0], np.cumsum(self.batch.kinds >= LETTER)))
        return np.diff(said[self.batch.starts])

    def matrix(self, kinds: Sequence[str]) -> csr_matrix:
        """float32[texts, BUCKETS], ones: one entry per occurrence of a feature of `kinds`.

        For training; `sums` does without the copies.
        """
        buckets, starts = zip(*(self._stream(kind) for kind in kinds), strict=True)
        owners = [np.repeat(np.arange(len(self.batch)), np.diff(each)) for each in starts]
        indices, owner = np.concatenate(buckets), np.concatenate(owners)
        shape = (len(self.batch), BUCKETS)
        return csr_matrix((np.ones(len(indices), np.float32), (owner, indices)), shape=shape)

    def sums(self, table: np.ndarray, kinds: Sequence[str]) -> np.ndarray:
        """float32[texts, columns]: for each text the sum of `table`'s rows of its features."""
        shape = (len(self.batch), len(table))
        total = np.zeros((len(self.batch), table.shape[1]), dtype=np.float32)
        for kind in kinds:
            buckets, starts = self._stream(kind)
            ones = np.ones(len(buckets), np.float32)
            total += csr_matrix((ones, buckets, starts), shape=shape) @ table
        return total

    def packed_sums(
        self, table: np.ndarray, kinds: Sequence[str], used: np.ndarray, rows: np.ndarray
    ) -> np.ndarray:
        """int32[texts, WIDTH]: as `sums`, of int8[rows · WIDTH]; row 0 is zero.

        used: uint64, a bit for each bucket that has weights; rows: int32[BUCKETS], the row of
        each bucket; EVERY when the table has them all.
        """
        total = np.zeros((len(self.batch), WIDTH), np.int32)
        grams = [kind for kind in KINDS if kind in kinds and kind != "w"]
        upto = KINDS[: int(grams[-1])] if grams else ()
        counts = np.array([kind in kinds for kind in upto], dtype=np.int64)
        shifts, offsets = (np.array([of[k] for k in upto], np.int64) for of in (_SHIFT, _OFFSET))
        words, word_starts = NO_WORDS, self.batch.starts
        if "w" in kinds:
            words, word_starts = self._needed().hashes, self._needed().starts
        feature_sums(
            self.batch.codes, self.batch.starts, counts, shifts, offsets, words, word_starts,
            int(_SHIFT["w"]), _OFFSET["w"], used, rows, table, total,
        )  # fmt: skip
        return total

    def _needed(self) -> Words:
        if self.words is None:
            raise ValueError("this model needs the words of the batch")
        return self.words

    def _stream(self, kind: str) -> tuple[np.ndarray, np.ndarray]:
        """(bucket of each feature of the kind, where each text's begin)."""
        if kind not in self._kept:
            self._kept[kind] = self._make(kind)
        return self._kept[kind]

    def _make(self, kind: str) -> tuple[np.ndarray, np.ndarray]:
        if kind == "w":
            words = self._needed()
            return _buckets(words.hashes, "w"), words.starts
        name = ("unigrams", "bigrams", "trigrams", "tetragrams")[int(kind) - 1]
        return _buckets(getattr(self.batch, name), kind), self.batch.starts


def part_of(kind: str) -> slice:
    """The rows of the table that features of `kind` fall into."""
    return slice(_OFFSET[kind], _OFFSET[kind] + (1 << _BITS[kind]))


def _buckets(hashes: np.ndarray, kind: str) -> np.ndarray:
    """int32: the bucket of each hash; 0 for hash 0, which stands for no feature."""
    mixed = hashes * np.uint32(0x7FEB352D)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x846CA68B)
    mixed >>= _SHIFT[kind]
    mixed += np.uint32(_OFFSET[kind])
    mixed[hashes == 0] = 0
    return mixed.view(np.int32)
