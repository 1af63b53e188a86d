"""A batch of texts as one array of code points: scanned once, never per character in Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

SEPARATOR = "\n"
PAD = 4  # separators before the first and after each text: windows never leave the array
TOP = 0xFFFF  # code points above the basic plane count as this one


def _fold_table() -> npt.NDArray[np.uint16]:
    """Full-width forms to their half-width ones, one character to one character."""
    table = np.arange(0x10000, dtype=np.uint16)
    for code in (0x3000, *range(0xFF01, 0xFFEF)):
        folded = normalize("NFKC", chr(code))
        if len(folded) == 1:
            table[code] = ord(folded)
    return table


FOLD = _fold_table()
_FOLD_TEXT = FOLD.astype("<u2")
_FOLD_TEXT[0xD800:0xE000] = TOP  # lone halves of surrogate pairs must not join up


def among(marks: str) -> npt.NDArray[np.bool_]:
    """A table by code point: whether it is one of `marks` (or their full-width forms)."""
    table = np.zeros(0x10000, dtype=np.bool_)
    table[[ord(mark) for mark in marks]] = True
    return table[FOLD]


@dataclass(frozen=True)
class Joined:
    """`text` is the texts with PAD separators between; text i is `text[starts[i]:ends[i]]`."""

    text: str
    codes: npt.NDArray[np.uint16]  # code points of `text`, clipped to the basic plane
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    @cached_property
    def folded(self) -> str:
        """`text` with full-width letters, digits and marks made half-width; same length.

        For matching only: characters beyond the basic plane stand there as U+FFFF.
        """
        return _FOLD_TEXT.take(self.codes).tobytes().decode("utf-16-le")

    def owner(self, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Which text each position lies in."""
        return np.searchsorted(self.starts, positions, side="right") - 1


def join(texts: Sequence[str], limit: int | None = None) -> Joined:
    """The texts (at most `limit` characters of each) as one string and one array."""
    cut = [text[:limit] for text in texts] if limit is not None else list(texts)
    gap = SEPARATOR * PAD
    text = gap + gap.join(cut) + gap
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.fromiter(map(len, cut), dtype=np.int64, count=len(cut))
    ends = np.cumsum(lengths + PAD)
    return Joined(text, np.minimum(raw, TOP).astype(np.uint16), ends - lengths, ends)
