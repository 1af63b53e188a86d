"""What is kept of a text to know its copies by: under 150 bytes, and not the text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.compiled import compiled, inlined
from models.hashing import gram_of_three, hashed
from models.sketch import BINS, sketch
from models.textpass import DIGIT, LETTER, MARK, SPACE, TextPass

MIN_EXACT = 8  # letters; shorter texts ("转发微博", "呵呵") say too little to be a copy
MIN_NEAR = 16  # letters; below, one changed word is another statement
ANCHORS = 4
WINDOW = 16  # letters of an anchor
_ANCHOR_BITS = 2
_STEP64, _SPREAD64 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_STEP, _SPREAD = np.uint32(0x01000193), np.uint32(0x7FEB352D)
_MIX = np.uint32(0x846CA68B)

# One row of the wire format.
_ROW = np.dtype(
    [("exact", "<u8"), ("size", "<u4"), ("anchors", "<u4", ANCHORS), ("signature", "u1", BINS)]
)


@dataclass(frozen=True)
class Fingerprints:
    """One row per text.

    exact: uint64[texts], of letters and digits in order; size: uint32[texts], how many, 0
    for a text too short to be linked; signature: uint8[texts, BINS], equal share estimates
    the Jaccard index of character 3-grams; anchors: uint32[texts, ANCHORS], hashes of chosen
    runs of WINDOW letters, by which a quotation is found in a longer text.
    """

    exact: np.ndarray
    size: np.ndarray
    signature: np.ndarray
    anchors: np.ndarray

    def __len__(self) -> int:
        return len(self.exact)

    def __getitem__(self, rows: slice | np.ndarray) -> Fingerprints:
        return Fingerprints(
            self.exact[rows], self.size[rows], self.signature[rows], self.anchors[rows]
        )

    def to_bytes(self) -> bytes:
        rows = np.empty(len(self), dtype=_ROW)
        for name in _ROW.names or ():
            rows[name] = getattr(self, name)
        return rows.tobytes()

    @staticmethod
    def from_bytes(data: bytes) -> Fingerprints:
        """ValueError when `data` is not a whole number of rows."""
        rows = np.frombuffer(data, dtype=_ROW)
        columns = {name: np.ascontiguousarray(rows[name]) for name in _ROW.names or ()}
        return Fingerprints(**columns)


def fingerprint(batch: TextPass) -> Fingerprints:
    """The fingerprints of a batch, in order."""
    return Fingerprints(*_rows(batch.codes, batch.kinds, batch.origin, batch.given, batch.starts))


@compiled
def _rows(
    codes: np.ndarray, kinds: np.ndarray, origin: np.ndarray, given: np.ndarray, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    texts = len(starts) - 1
    exact, size = np.zeros(texts, np.uint64), np.zeros(texts, np.uint32)
    signature = np.zeros((texts, BINS), np.uint8)
    anchors = np.full((texts, ANCHORS), np.uint32(0xFFFFFFFF), np.uint32)
    longest = 0
    for text in range(texts):
        longest = max(longest, starts[text + 1] - starts[text])
    letters, grams = np.empty(longest, np.uint32), np.empty(longest, np.uint32)
    for text in range(texts):
        first, last = starts[text], starts[text + 1]
        many = 0
        for at in range(first, last):
            if _said(kinds, first, at, last):
                letters[many] = hashed(codes[at])
                many += 1
        exact[text] = _exact(letters, many)
        if many >= MIN_EXACT:
            size[text] = many
        found = 0
        if many >= MIN_NEAR:
            _anchor(letters, many, anchors[text])
            found = _grams(codes, kinds, origin, given, first, last, grams)
        sketch(grams[:found], signature[text])
    return exact, size, signature, anchors


@inlined
def _said(kinds: np.ndarray, first: int, at: int, last: int) -> bool:
    """Letters and digits, and marks between digits (2.5 is not 25)."""
    if kinds[at] >= LETTER:
        return True
    between = first < at < last - 1 and kinds[at] == MARK
    return between and kinds[at - 1] == DIGIT and kinds[at + 1] == DIGIT


@inlined
def _exact(letters: np.ndarray, many: int) -> int:
    """A hash of all runs of three letters, which lie over each other, so that another order
    gives another hash."""
    total = np.uint64(0)
    for at in range(many - 2):
        mixed = np.uint64(gram_of_three(letters[at], letters[at + 1], letters[at + 2])) * _SPREAD64
        mixed ^= mixed >> np.uint64(32)
        total += np.uint64(mixed * _STEP64)
    return total ^ np.uint64(many)


@inlined
def _grams(
    codes: np.ndarray, kinds: np.ndarray, origin: np.ndarray, given: np.ndarray, first: int,
    last: int, grams: np.ndarray,
) -> int:  # fmt: skip
    """Write the hashes of all runs of three characters, spaces aside; returns how many.

    Letters are read as folded, marks and digits as given: lists that differ in ① and 1, in
    full and half width at every third character, have been set by another hand.
    """
    found = seen = 0
    before, middle = np.uint32(0), np.uint32(0)
    for at in range(first, last):
        if kinds[at] == SPACE:
            continue
        one = hashed(codes[at] if kinds[at] == LETTER else given[origin[at]])
        seen += 1
        if seen > 2:
            gram = gram_of_three(before, middle, one)
            if gram != 0:
                grams[found] = gram
                found += 1
        before, middle = middle, one
    return found


@inlined
def _anchor(letters: np.ndarray, many: int, least: np.ndarray) -> None:
    """In each part of the hash range the least hash of a window, by a rolling sum."""
    gone = np.uint32(1)  # what the letter that leaves a window was multiplied by
    for _ in range(WINDOW):
        gone = np.uint32(gone * _STEP)
    rolling = np.uint32(0)
    for at in range(many):
        rolling = np.uint32(np.uint32(rolling * _STEP) + letters[at])
        if at >= WINDOW:
            rolling = np.uint32(rolling - np.uint32(letters[at - WINDOW] * gone))
        if at >= WINDOW - 1:
            mixed = np.uint32(rolling * _SPREAD)
            mixed ^= mixed >> np.uint32(15)
            mixed = np.uint32(mixed * _MIX)
            part = np.int64(mixed >> np.uint32(32 - _ANCHOR_BITS))
            if mixed < least[part]:
                least[part] = mixed
