"""All places of many words in a batch, in one pass over its characters.

A table over the hash of two characters lets nearly no place through where no word
begins; the few that are left are told apart by whole hashes, one look-up per length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.textpass import TextPass, text_pass

_BITS = 18
_SHIFT = np.uint32(32 - _BITS)
_STEP = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Matches:
    """text, word, at: int64[matches], which text, which word (its number), and where in the
    batch's characters; in order of place, then of length."""

    text: np.ndarray
    word: np.ndarray
    at: np.ndarray

    def __len__(self) -> int:
        return len(self.text)


class Matcher:
    def __init__(self, words: Sequence[str]) -> None:
        """`words` are normalised as texts are. ValueError for one of fewer than two
        characters, or given twice."""
        batch = text_pass(words)
        short = np.flatnonzero(batch.lengths < 2)
        if len(short):
            raise ValueError(f"the word {words[short[0]]!r} is shorter than two characters")
        self._heads = np.zeros(1 << _BITS, dtype=bool)
        self._heads[batch.bigrams[batch.starts[:-1]] >> _SHIFT] = True
        self._by_length: list[tuple[int, np.ndarray, np.ndarray]] = []
        for length in np.unique(batch.lengths).tolist():
            numbers = np.flatnonzero(batch.lengths == length)
            hashes = _hash(batch.codes, batch.starts[numbers], length)
            order = np.argsort(hashes)
            twice = np.flatnonzero(np.diff(hashes[order]) == 0)
            if len(twice):
                raise ValueError(f"the word {words[numbers[order[twice[0]]]]!r} is given twice")
            self._by_length.append((length, hashes[order], numbers[order]))

    def find(self, batch: TextPass) -> Matches:
        """Every word wherever it stands, words inside words too."""
        heads = np.flatnonzero(self._heads.take(batch.bigrams >> _SHIFT))
        text = np.searchsorted(batch.starts, heads, side="right") - 1
        room = batch.starts[text + 1] - heads
        found = [self._of_length(batch, heads, text, room, *rest) for rest in self._by_length]
        texts, words, places = (np.concatenate(each) for each in zip(*found, strict=True))
        order = np.argsort(places, kind="stable")
        return Matches(texts[order], words[order], places[order])

    def _of_length(
        self,
        batch: TextPass,
        heads: np.ndarray,
        text: np.ndarray,
        room: np.ndarray,
        length: int,
        hashes: np.ndarray,
        numbers: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        fits = np.flatnonzero(room >= length)
        wanted = _hash(batch.codes, heads[fits], length)
        near = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
        hit = np.flatnonzero(hashes[near] == wanted)
        return text[fits[hit]], numbers[near[hit]], heads[fits[hit]]


def _hash(codes: np.ndarray, begins: np.ndarray, length: int) -> np.ndarray:
    """uint64 of the `length` characters from each of `begins`."""
    value = np.zeros(len(begins), dtype=np.uint64)
    for offset in range(length):
        value = (value ^ codes[begins + offset]) * _STEP
        value ^= value >> np.uint64(29)
    return value
