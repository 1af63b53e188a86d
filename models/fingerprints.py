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
_STEP, _SPREAD, _MIX = 0x01000193, np.uint32(0x7FEB352D), np.uint32(0x846CA68B)

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
    if not near.all():
        inside &= np.repeat(near, solid.lengths)
    chosen = np.flatnonzero(inside)
    counts = np.diff(np.searchsorted(chosen, solid.starts))
    signature = sketch(solid.trigrams.take(chosen), counts)
    return Fingerprints(_exact(letters), size, signature, _anchors(letters, near))


def _said(batch: TextPass) -> np.ndarray:
    """bool: letters and digits, and marks between digits (2.5 is not 25)."""
    keep = batch.kinds >= LETTER
    digit = batch.kinds == DIGIT
    keep[1:-1] |= (batch.kinds[1:-1] == MARK) & digit[:-2] & digit[2:]
    return keep


def _exact(letters: TextPass) -> np.ndarray:
    """uint64[texts]: a hash of all runs of three letters, which lie over each other, so that
    another order gives another hash."""
    mixed = letters.trigrams * _SPREAD64
    mixed ^= mixed >> np.uint64(32)
    mixed *= _STEP64
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)))
    return np.diff(sums[letters.starts]) ^ letters.lengths.astype(np.uint64)


def _anchors(letters: TextPass, near: np.ndarray) -> np.ndarray:
    """uint32[texts, ANCHORS]: in each part of the hash range the least hash of a window."""
    windows = letters.unigrams
    span, step = 1, _STEP
    while span < WINDOW:  # a window of 2n from two windows of n
        longer = windows * np.uint32(step)
        longer[:-span] += windows[span:]
        windows = longer
        span, step = 2 * span, step * step & 0xFFFFFFFF
    counts = np.where(near, np.maximum(letters.lengths - WINDOW + 1, 0), 0)
    begins = np.repeat(letters.starts[:-1] - np.cumsum(counts) + counts, counts)
    windows = windows.take(np.arange(len(begins)) + begins) * _SPREAD
    windows ^= windows >> np.uint32(15)
    windows *= _MIX
    least = np.full(len(letters) * ANCHORS, 0xFFFFFFFF, dtype=np.uint32)
    owners = np.repeat(np.arange(len(letters)) * ANCHORS, counts)
    np.minimum.at(least, owners + (windows >> np.uint32(32 - _ANCHOR_BITS)), windows)
    return least.reshape(-1, ANCHORS)
