"""The hash of a character and of characters in a row, the same in arrays and in compiled loops."""

from __future__ import annotations

import numpy as np

from models.compiled import inlined

MIX, STEP = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)


@inlined
def hashed(code: int) -> int:
    """uint32 of one code point; use the high bits."""
    mixed = np.uint32(code * MIX)
    mixed ^= mixed >> np.uint32(15)
    return mixed


@inlined
def gram_of_three(first: int, second: int, third: int) -> int:
    """uint32 of three characters in a row, given by their hashes."""
    two = np.uint32(np.uint32(first * STEP) + second)
    return np.uint32(np.uint32(two * STEP) + third)
