"""One pass over a batch of texts, which feeds fingerprints and every linear model.

The batch is one array of code points: normalised by table, cleaned by masks, and
hashed into character n-grams. No step loops over characters or texts in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from models.characters import DIGIT, GONE, KIND_SHIFT, LETTER, MARK, SIZE, SPACE, fold_table

_SLASHES = [ord(c) for c in "://"]
_MIX, _STEP = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)


@dataclass(frozen=True)
class TextPass:
    """A normalised batch.

    codes: uint32[characters], all texts joined; starts: int64[texts + 1], where each
    begins; origin: int64[characters], the place of each in the joined texts as given;
    kinds: uint8[characters], SPACE, MARK, LETTER or DIGIT; given: uint32, the joined
    texts as given, into which `origin` points.
    """

    codes: np.ndarray
    starts: np.ndarray
    origin: np.ndarray
    kinds: np.ndarray
    given: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def joined(self) -> str:
        """All normalised texts in one string; text i is joined[starts[i]:starts[i + 1]]."""
        return self.codes.astype("<u4").tobytes().decode("utf-32-le")

    @cached_property
    def texts(self) -> list[str]:
        joined, starts = self.joined, self.starts.tolist()
        return [joined[a:b] for a, b in pairwise(starts)]

    @cached_property
    def lengths(self) -> np.ndarray:
        """int64[texts]: normalised characters."""
        return np.diff(self.starts)

    @cached_property
    def unigrams(self) -> np.ndarray:
        """uint32[characters]: a hash of each character; use the high bits."""
        mixed = self.codes * _MIX
        mixed ^= mixed >> np.uint32(15)
        return mixed

    @cached_property
    def bigrams(self) -> np.ndarray:
        """uint32[characters]: a hash of the characters i and i+1; 0 where the text ends."""
        return self._longer(self.unigrams, 2)

    @cached_property
    def trigrams(self) -> np.ndarray:
        """uint32[characters]: a hash of the characters i to i+2; 0 where the text ends."""
        return self._longer(self.bigrams, 3)

    @cached_property
    def tetragrams(self) -> np.ndarray:
        """uint32[characters]: a hash of the characters i to i+3; 0 where the text ends."""
        return self._longer(self.trigrams, 4)

    def only(self, keep: np.ndarray) -> TextPass:
        """The same batch with the characters where `keep` (bool[characters]) alone."""
        chosen = np.flatnonzero(keep)
        starts = np.searchsorted(chosen, self.starts)
        codes, origin, kinds = (c.take(chosen) for c in (self.codes, self.origin, self.kinds))
        return TextPass(codes, starts, origin, kinds, self.given)

    def head(self, characters: int) -> TextPass:
        """The same batch with the first characters of each text alone."""
        place = np.arange(len(self.codes)) - np.repeat(self.starts[:-1], self.lengths)
        return self.only(place < characters)

    def _longer(self, shorter: np.ndarray, size: int) -> np.ndarray:
        """Grams of `size` from those one shorter: h(abc) = h(ab) · step + h(c)."""
        grams = shorter * _STEP
        if len(grams) >= size:
            grams[: 1 - size] += self.unigrams[size - 1 :]
        ends = self.starts[1:]
        for back in range(1, size):
            grams[np.maximum(ends - back, self.starts[:-1])[self.lengths > 0]] = 0
        return grams


def text_pass(texts: Sequence[str]) -> TextPass:
    """Normalise a batch: width, case, traditional → simplified, URLs to `http`, runs cut
    (spaces to 1, marks to 2, letters to 3), control and invisible characters out.

    Any string is accepted, lone surrogates too (they vanish).
    """
    raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
    origin = np.arange(len(raw))
    codes, kinds = _fold(raw)
    for wanted in (_visible, _outside_urls, _within_runs, _no_last_space):
        kept = wanted(codes, kinds, starts)
        if not kept.all():
            chosen = np.flatnonzero(kept)
            codes, kinds, origin = codes.take(chosen), kinds.take(chosen), origin.take(chosen)
            starts = np.searchsorted(chosen, starts)
    return TextPass(codes, starts, origin, kinds, raw)


def _fold(raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The folded code points and their kinds; code points past the table stay, as letters."""
    folded = fold_table().take(raw, mode="clip")
    far = np.flatnonzero(raw >= SIZE)
    folded[far] = raw[far] | np.uint32(LETTER << KIND_SHIFT)
    return folded & np.uint32(0xFFFFFF), (folded >> np.uint32(KIND_SHIFT)).astype(np.uint8)


def _visible(codes: np.ndarray, kinds: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """bool: the character shows."""
    return kinds != GONE


def _outside_urls(codes: np.ndarray, kinds: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """bool: not the part of a URL after its scheme, which says where it points and nothing
    of what is said."""
    keep = np.ones(len(codes), dtype=bool)
    colons = np.flatnonzero(codes[:-2] == _SLASHES[0])
    colons = colons[(codes[colons + 1] == _SLASHES[1]) & (codes[colons + 2] == _SLASHES[2])]
    if len(colons):
        ends = np.append(np.flatnonzero((codes >= 0x7F) | (kinds == SPACE)), len(codes))
        text_ends = starts[np.searchsorted(starts, colons, side="right")]
        ends = np.minimum(ends[np.searchsorted(ends, colons)], text_ends)
        depth = np.zeros(len(codes) + 1, dtype=np.int32)
        np.add.at(depth, colons, 1)
        np.add.at(depth, ends, -1)
        keep &= np.cumsum(depth[:-1]) == 0
    return keep


def _within_runs(codes: np.ndarray, kinds: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """bool: the character is not one too many of a run, nor a space at the beginning."""
    begins = starts[:-1][np.diff(starts) > 0]
    again = np.zeros(len(codes), dtype=bool)
    np.equal(codes[1:], codes[:-1], out=again[1:])
    again[begins] = False
    spaces = kinds == SPACE
    over = again & spaces
    over[begins] = spaces[begins]
    again[1:] &= again[:-1]
    over |= again & (kinds == MARK)
    again[1:] &= again[:-1]
    over |= again & (kinds == LETTER)
    return ~over


def _no_last_space(codes: np.ndarray, kinds: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """bool: the character is not a space that ends a text (runs are cut already)."""
    keep = np.ones(len(codes), dtype=bool)
    last = (starts[1:] - 1)[np.diff(starts) > 0]
    keep[last] = kinds[last] != SPACE
    return keep


__all__ = ["DIGIT", "LETTER", "MARK", "SPACE", "TextPass", "text_pass"]
