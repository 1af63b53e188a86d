"""Similarity sketches of sets of hashes, a whole batch of sets at a time.

Fast similarity sketching (Dahlgaard, Knudsen, Thorup 2017): every element is thrown
into one of BINS bins, and only while a set has empty bins it is thrown again. The
share of equal bins estimates the Jaccard index of two sets as BINS permutations of
MinHash would, at the cost of one permutation for all but short texts.
"""

from __future__ import annotations

import numpy as np

BINS = 96
_ROUNDS = 64  # a set of three elements still fills its bins
_VALUE_BITS = np.uint32(0x03FFFFFF)
_EMPTY = np.uint32(0xFFFFFFFF)
_ROUND_STEP, _SPREAD = 0x9E3779B9, np.uint32(0x2C1B3C6D)


def sketch(elements: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """uint8[sets, BINS] of `elements` (uint32, set after set, `counts` of each)."""
    sets = len(counts)
    least = np.full(sets * BINS, _EMPTY, dtype=np.uint32)
    owners = np.repeat(np.arange(sets) * BINS, counts)
    for turn in range(_ROUNDS):
        thrown = _scramble(elements + np.uint32(_ROUND_STEP * turn & 0xFFFFFFFF))
        bins = owners + ((thrown.astype(np.uint64) * np.uint64(BINS)) >> np.uint64(32)).view(
            np.int64
        )
        # The turn stands on top, so that what an earlier turn put in a bin stays.
        values = (thrown & _VALUE_BITS) | np.uint32(turn << 26)
        np.minimum.at(least, bins, values)
        unfilled = (least.reshape(sets, BINS) == _EMPTY).any(axis=1) & (counts > 0)
        if not unfilled.any():
            break
        again = unfilled[owners // BINS]
        elements, owners = elements[again], owners[again]
    return (_scramble(least) >> np.uint32(24)).astype(np.uint8).reshape(sets, BINS)


def _scramble(values: np.ndarray) -> np.ndarray:
    values = values * _SPREAD
    values ^= values >> np.uint32(15)
    values *= np.uint32(0x297A2D39)
    values ^= values >> np.uint32(15)
    return values
