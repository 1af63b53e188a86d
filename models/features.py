"""Hashed features of a batch: character n-grams, and words where they were cut.

One table of 2**BITS buckets holds all kinds. A feature counts as often as it occurs;
nothing is looked up by name, so a model keeps numbers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix

from models.textpass import LETTER, TextPass

BITS = 19
BUCKETS = 1 << BITS
KINDS = ("1", "2", "3", "w")  # characters alone, in twos, in threes; words
_SHIFT = np.uint32(32 - BITS)
_SALT = np.uint32(0x7FEB352D)


@dataclass(frozen=True)
class Features:
    """Of one batch; `words` holds each text cut, joined by blanks (models.words)."""

    batch: TextPass
    words: Sequence[str] | None = None

    @cached_property
    def letters(self) -> np.ndarray:
        """int64[texts]: letters and digits."""
        said = np.concatenate(([0], np.cumsum(self.batch.kinds >= LETTER)))
        return np.diff(said[self.batch.starts])

    def matrix(self, kinds: Sequence[str]) -> csr_matrix:
        """float32[texts, BUCKETS], ones: one entry per occurrence of a feature of `kinds`."""
        buckets, starts = zip(*(self._stream(kind) for kind in kinds), strict=True)
        if len(kinds) == 1:
            indices, indptr = buckets[0], starts[0]
        else:
            indptr = np.sum(starts, axis=0)
            indices = np.empty(indptr[-1], dtype=np.int32)
            offset = indptr[:-1].copy()
            for found, begin in zip(buckets, starts, strict=True):
                counts = np.diff(begin)
                shift = np.repeat(offset - begin[:-1], counts)
                indices[np.arange(len(found)) + shift] = found
                offset += counts
        shape = (len(self.batch), BUCKETS)
        return csr_matrix((np.ones(len(indices), np.float32), indices, indptr), shape=shape)

    def _stream(self, kind: str) -> tuple[np.ndarray, np.ndarray]:
        """(bucket of each feature of the kind, where each text's begin)."""
        if kind == "w":
            return self._words
        size = int(kind)
        grams = (self.batch.unigrams, self.batch.bigrams, self.batch.trigrams)[size - 1]
        return _buckets(grams, size), self.batch.starts

    @cached_property
    def _words(self) -> tuple[np.ndarray, np.ndarray]:
        if self.words is None:
            raise ValueError("this model needs the words of the batch")
        hashes, starts = word_hashes(self.words)
        return _buckets(hashes, 4), starts


def _buckets(hashes: np.ndarray, salt: int) -> np.ndarray:
    """int32: kinds are salted apart; hash 0, which stands for no feature, gives bucket 0."""
    mixed = hashes * (_SALT + np.uint32(2 * salt))
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x846CA68B)
    return (mixed >> _SHIFT).astype(np.int32)


def word_hashes(cut: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(uint32 hash of each word, int64[texts + 1] where each text's begin)."""
    text = "\n".join(cut) + "\n" if cut else ""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    gap = codes <= 0x20
    begins = np.flatnonzero(~gap & np.concatenate(([True], gap[:-1])))
    place = np.arange(len(codes), dtype=np.uint32)
    rank = np.cumsum(~gap & np.concatenate(([True], gap[:-1]))) - 1
    place -= np.where(gap, 0, begins[rank] if len(begins) else 0).astype(np.uint32)
    mixed = (codes + place * np.uint32(0x9E3779B1)) * np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed[gap] = 0
    hashes = np.add.reduceat(mixed, begins) if len(begins) else np.zeros(0, np.uint32)
    lines = np.flatnonzero(codes == 0x0A)
    starts = np.concatenate(([0], np.searchsorted(begins, lines)))
    return hashes.astype(np.uint32), starts.astype(np.int64)
