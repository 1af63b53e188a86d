"""One pass over a batch of texts, which feeds fingerprints and every linear model.

The batch is one array of code points: normalised by table, cleaned, and hashed into
character n-grams. No step loops over characters or texts in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from models.characters import DIGIT, GONE, KIND_SHIFT, LETTER, MARK, SIZE, SPACE, fold_table
from models.compiled import compiled, inlined
from models.hashing import MIX, STEP

_COLON, _SLASH = 0x3A, 0x2F
_RUN_OF_MARKS, _RUN_OF_LETTERS = 2, 3  # as many of the same are kept


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
        mixed = self.codes * MIX
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
        grams = shorter * STEP
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
    codes, origin, kinds, kept = _normalised(raw, starts, fold_table())
    return TextPass(codes, kept, origin, kinds, raw)


@compiled
def _normalised(
    raw: np.ndarray, starts: np.ndarray, table: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(codes, origin, kinds, starts) of the texts as they are read."""
    size = len(raw)
    codes, origin = np.empty(size, np.uint32), np.empty(size, np.int64)
    kinds, kept = np.empty(size, np.uint8), np.zeros(len(starts), np.int64)
    count = 0
    for text in range(len(starts) - 1):
        first = count
        before, run, address = np.uint32(0xFFFFFFFF), 0, False
        for at in range(starts[text], starts[text + 1]):
            code, kind = _folded(raw[at], table)
            if kind == GONE:
                continue
            if address:  # says where it points and nothing of what is said
                if code < 0x7F and kind != SPACE:
                    continue
                address = False
            if code == _COLON and _slashes(raw, at, starts[text + 1], table):
                address = True
                continue
            run = run + 1 if code == before else 1
            before = code
            if kind == SPACE:
                if run > 1 or count == first:
                    continue
            elif (kind == MARK and run > _RUN_OF_MARKS) or (
                kind == LETTER and run > _RUN_OF_LETTERS
            ):
                continue
            codes[count], kinds[count], origin[count] = code, kind, at
            count += 1
        if count > first and kinds[count - 1] == SPACE:
            count -= 1
        kept[text + 1] = count
    return codes[:count].copy(), origin[:count].copy(), kinds[:count].copy(), kept


@inlined
def _folded(raw: int, table: np.ndarray) -> tuple[int, int]:
    """The folded code point and its kind; code points past the table stay, as letters."""
    if raw >= SIZE:
        return raw, LETTER
    entry = table[raw]
    return np.uint32(entry & np.uint32(0xFFFFFF)), np.int64(entry >> np.uint32(KIND_SHIFT))


@inlined
def _slashes(raw: np.ndarray, at: int, end: int, table: np.ndarray) -> bool:
    """Whether `//` follows, invisible characters aside."""
    seen = 0
    for ahead in range(at + 1, end):
        code, kind = _folded(raw[ahead], table)
        if kind == GONE:
            continue
        if code != _SLASH:
            break
        seen += 1
        if seen == 2:
            break
    return seen == 2


__all__ = ["DIGIT", "LETTER", "MARK", "SPACE", "TextPass", "text_pass"]
