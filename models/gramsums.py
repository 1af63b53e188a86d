"""Sums of a table's rows over the features of each text: the hot loop of every linear model."""

from __future__ import annotations

import numpy as np

from models.compiled import compiled, inlined
from models.hashing import STEP, hashed

WIDTH = 16  # columns of a row: as many bytes as one load takes
_FIRST, _SECOND = np.uint32(0x7FEB352D), np.uint32(0x846CA68B)


@inlined
def _bucket(gram: int, shift: int, offset: int) -> int:
    """The bucket of a hash; 0 for hash 0, which stands for no feature."""
    mixed = np.uint32(gram * _FIRST)
    mixed ^= mixed >> np.uint32(15)
    mixed = np.uint32(mixed * _SECOND)
    return 0 if gram == 0 else np.int64(np.uint32(mixed >> np.uint32(shift))) + offset


@inlined
def _is_used(used: np.ndarray, bucket: int) -> int:
    return np.int64((used[bucket >> 6] >> np.uint64(bucket & 63)) & np.uint64(1))


@compiled
def feature_sums(
    codes: np.ndarray, starts: np.ndarray, counts: np.ndarray, shifts: np.ndarray,
    offsets: np.ndarray, words: np.ndarray, word_starts: np.ndarray, word_shift: int,
    word_offset: int, used: np.ndarray, rows: np.ndarray, table: np.ndarray, out: np.ndarray,
) -> None:  # fmt: skip
    """Add to `out` [texts, WIDTH] the rows of the features of each text.

    counts (whether they do), shifts, offsets: int64 of character n-grams, n being 1, 2, 3 … in
    order; words: uint32 hashes, empty when words do not count; used: uint64, a bit for each
    bucket that has weights; rows: int32 of each bucket, empty when the table has all;
    table: [rows · WIDTH].
    """
    longest = 0
    for text in range(len(starts) - 1):
        more = word_starts[text + 1] - word_starts[text]
        longest = max(longest, starts[text + 1] - starts[text], more)
    # First where to look, then the looks: the processor has many on their way at once.
    wanted = np.empty(longest + 1, np.int32)
    # Size by size over the whole batch, so that only one part of the table is in use.
    for size in range(1, len(counts) + 1):
        if counts[size - 1]:
            shift, offset = shifts[size - 1], offsets[size - 1]
            for text in range(len(starts) - 1):
                found = 0
                for k in range(max(starts[text + 1] - starts[text] - size + 1, 0)):
                    at, gram = starts[text] + k, np.uint32(0)
                    for more in range(size):
                        gram = np.uint32(np.uint32(gram * STEP) + hashed(codes[at + more]))
                    bucket = _bucket(gram, shift, offset)
                    wanted[found] = bucket
                    found += _is_used(used, bucket)
                _add(wanted[:found], rows, table, out[text])
    if len(words):
        for text in range(len(starts) - 1):
            found = 0
            for at in range(word_starts[text], word_starts[text + 1]):
                bucket = _bucket(words[at], word_shift, word_offset)
                wanted[found] = bucket
                found += _is_used(used, bucket)
            _add(wanted[:found], rows, table, out[text])


@inlined
def _add(wanted: np.ndarray, rows: np.ndarray, table: np.ndarray, own: np.ndarray) -> None:
    if len(rows):
        for at in range(len(wanted)):
            wanted[at] = rows[wanted[at]]
    zero = table.dtype.type(0) * own.dtype.type(0)
    # By name, for then they stay in registers and are added several at a time.
    a, b, c, d, e, f, g, h = zero, zero, zero, zero, zero, zero, zero, zero
    i, j, k, l, m, n, o, p = zero, zero, zero, zero, zero, zero, zero, zero  # noqa: E741
    for at in range(len(wanted)):
        r = np.int64(wanted[at]) * WIDTH
        a, b, c, d = a + table[r], b + table[r + 1], c + table[r + 2], d + table[r + 3]
        e, f, g, h = e + table[r + 4], f + table[r + 5], g + table[r + 6], h + table[r + 7]
        i, j, k = i + table[r + 8], j + table[r + 9], k + table[r + 10]
        l, m, n = l + table[r + 11], m + table[r + 12], n + table[r + 13]  # noqa: E741
        o, p = o + table[r + 14], p + table[r + 15]
    own[:] += np.array((a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p), own.dtype)
