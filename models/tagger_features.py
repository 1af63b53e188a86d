"""Hashed features of every character of a batch: what trainer and tagger both see.

Two planes are read: the character (width folded, digits alike) and its class (Chinese and
Arabic numerals alike; words of the dictionaries by their kind). A *gram* is one to three
neighbouring characters of a plane, hashed once per position; a *template* is a gram seen from
an offset. `indices` gives, for each template, the row of its weight table at each character.
"""

from __future__ import annotations

from unicodedata import normalize

import numpy as np
import numpy.typing as npt

KNOWN = np.uint32(0x10000)  # classes of dictionary words lie above those of characters
BITS = 15  # rows of a weight table: 2**BITS
_NUMERALS = "〇零一二两三四五六七八九十百千几数半"
MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], np.uint32)

SPREAD = np.uint32(0x9E3779B1)

# Name -> (plane, offsets of the characters read).
GRAMS: dict[str, tuple[str, tuple[int, ...]]] = {
    "c1": ("char", (0,)),
    "c2": ("char", (0, 1)),
    "c3": ("char", (0, 1, 2)),
    "k3": ("class", (0, 1, 2)),
}
# (gram, where it begins, seen from the character).
TEMPLATES: tuple[tuple[str, int], ...] = (
    ("c1", 0), ("c1", -1), ("c1", 1),
    ("c2", -1), ("c2", 0), ("c2", -2), ("c2", 1),
    ("c3", -1), ("k3", -2), ("k3", 0),
)  # fmt: skip


def _planes() -> dict[str, npt.NDArray[np.uint32]]:
    """Lookup by code point: the folded character, and its class."""
    char = np.arange(0x10000, dtype=np.uint32)
    for code in range(0xFF01, 0xFFEF):
        folded = normalize("NFKC", chr(code))
        if len(folded) == 1:
            char[code] = ord(folded)
    char[ord("0") : ord("9") + 1] = ord("0")
    char[ord("０") : ord("９") + 1] = ord("0")
    kind = char.copy()
    kind[[ord(c) for c in _NUMERALS]] = ord("0")
    return {"char": char, "class": kind}


PLANES = _planes()


def indices(
    codes: npt.NDArray[np.uint16], flags: npt.NDArray[np.uint8]
) -> list[npt.NDArray[np.int64]]:
    """For each template the table rows, for every position that has PAD neighbours both sides.

    `codes` and `flags` (see `models.marks`) have length n; each array has length n - 8, for
    positions 4 … n - 5.
    """
    planes = {name: table.take(codes) for name, table in PLANES.items()}
    known = np.flatnonzero(flags)
    planes["class"][known] = flags[known].astype(np.uint32) + KNOWN
    n = len(codes)
    hashed: dict[str, npt.NDArray[np.int64]] = {}
    for name, (plane, offsets) in GRAMS.items():
        values, span = planes[plane], n - offsets[-1]
        total = values[:span] * MULTIPLIERS[0]
        for place, offset in enumerate(offsets[1:], 1):
            total = (total ^ (total >> np.uint32(15))) + (
                values[offset : offset + span] * MULTIPLIERS[place]
            )
        total *= SPREAD
        hashed[name] = (total >> np.uint32(32 - BITS)).astype(np.int64)
    return [hashed[name][4 + at : n - 4 + at] for name, at in TEMPLATES]
