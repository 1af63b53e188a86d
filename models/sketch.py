"""Similarity sketches of sets of hashes.

Fast similarity sketching (Dahlgaard, Knudsen, Thorup 2017): every element is thrown
into one of BINS bins, and only while a set has empty bins it is thrown again. The
share of equal bins estimates the Jaccard index of two sets as BINS permutations of
MinHash would, at the cost of one permutation for all but short texts.
"""

from __future__ import annotations

import numpy as np

from models.compiled import compiled, inlined

BINS = 96
_ROUNDS = 64  # a set of three elements still fills its bins
_VALUE_BITS = np.uint32(0x03FFFFFF)
_EMPTY = np.uint32(0xFFFFFFFF)
_ROUND_STEP = 0x9E3779B9
_SPREAD, _LAST = np.uint32(0x2C1B3C6D), np.uint32(0x297A2D39)


@compiled
def sketch(elements: np.ndarray, out: np.ndarray) -> None:
    """Write the sketch of the set of `elements` (uint32) into `out` (uint8[BINS])."""
    least = np.full(BINS, _EMPTY, np.uint32)
    empty = BINS
    for turn in range(_ROUNDS):
        step = np.uint32(_ROUND_STEP * turn & 0xFFFFFFFF)
        # The turn stands on top, so that what an earlier turn put in a bin stays.
        top = np.uint32(turn << 26)
        for at in range(len(elements)):
            thrown = _scramble(np.uint32(elements[at] + step))
            place = np.int64((np.uint64(thrown) * np.uint64(BINS)) >> np.uint64(32))
            value = np.uint32((thrown & _VALUE_BITS) | top)
            if least[place] == _EMPTY:
                empty -= 1
            if value < least[place]:
                least[place] = value
        if empty == 0 or len(elements) == 0:
            break
    for place in range(BINS):
        out[place] = np.uint8(_scramble(least[place]) >> np.uint32(24))


@inlined
def _scramble(value: int) -> int:
    value = np.uint32(value * _SPREAD)
    value ^= value >> np.uint32(15)
    value = np.uint32(value * _LAST)
    value ^= value >> np.uint32(15)
    return value
