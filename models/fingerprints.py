"""What is kept of a text to know its copies by: under 150 bytes, and not the text."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.sketch import BINS, sketch
from models.textpass import DIGIT, LETTER, MARK, SPACE, TextPass

MIN_EXACT = 8  # letters; shorter texts ("转发微博", "呵呵") say too little to be a copy
MIN_NEAR = 16  # letters; below, one changed word is another statement
ANCHORS = 4
WINDOW = 16  # letters of an anchor
_ANCHOR_BITS = 2
_STEP64, _SPREAD64 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_STEP, _SPREAD = np.uint32(0x01000193), np.uint32(0x7FEB352D)

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
    letters = batch.only(_said(batch))
    size = np.where(letters.lengths >= MIN_EXACT, letters.lengths, 0).astype(np.uint32)
    near = letters.lengths >= MIN_NEAR
    # Grams are of letters as folded, marks and digits as given: lists that differ in ① and 1,
    # in full and half width at every third character, have been set by another hand.
    solid = batch.only(batch.kinds != SPACE)
    solid = replace(
        solid, codes=np.where(solid.kinds != LETTER, solid.given.take(solid.origin), solid.codes)
    )
    inside = solid.trigrams != 0
    inside &= np.repeat(near, solid.lengths)
    signature = sketch(solid.trigrams[inside], _count(inside, solid.starts))
    return Fingerprints(_exact(letters), size, signature, _anchors(letters, near))


def _said(batch: TextPass) -> np.ndarray:
    """bool: letters and digits, and marks between digits (2.5 is not 25)."""
    keep = batch.kinds >= LETTER
    digit = batch.kinds == DIGIT
    keep[1:-1] |= (batch.kinds[1:-1] == MARK) & digit[:-2] & digit[2:]
    return keep


def _count(mask: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """int64[texts]: how many are true in each text."""
    return np.diff(np.concatenate(([0], np.cumsum(mask)))[starts])


def _exact(letters: TextPass) -> np.ndarray:
    """uint64[texts]: a hash of the characters and their places."""
    place = np.arange(len(letters.codes), dtype=np.uint64)
    place -= np.repeat(letters.starts[:-1], letters.lengths).astype(np.uint64)
    mixed = (letters.codes + np.uint64(1)) * _SPREAD64 + place * _STEP64
    mixed ^= mixed >> np.uint64(32)
    mixed *= _SPREAD64
    mixed ^= mixed >> np.uint64(29)
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)))
    return np.diff(sums[letters.starts])


def _anchors(letters: TextPass, near: np.ndarray) -> np.ndarray:
    """uint32[texts, ANCHORS]: in each part of the hash range the least hash of a window."""
    windows = letters.unigrams.copy()
    span = 1
    while span < WINDOW:  # a window of 2n from two windows of n
        windows[:-span] = windows[:-span] * _STEP + windows[span:] * _SPREAD
        windows ^= windows >> np.uint32(16)
        span *= 2
    counts = np.where(near, np.maximum(letters.lengths - WINDOW + 1, 0), 0)
    place = np.arange(len(windows)) - np.repeat(letters.starts[:-1], letters.lengths)
    whole = place < np.repeat(counts, letters.lengths)
    windows = windows[whole] * _SPREAD
    least = np.full(len(letters) * ANCHORS, 0xFFFFFFFF, dtype=np.uint32)
    owners = np.repeat(np.arange(len(letters)) * ANCHORS, counts)
    np.minimum.at(least, owners + (windows >> np.uint32(32 - _ANCHOR_BITS)), windows)
    return least.reshape(-1, ANCHORS)
