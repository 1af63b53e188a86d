"""A hash table from keys to row numbers, as one array, a batch at a time.

Each key has one bucket of WAYS slots; a full bucket forgets its oldest entry. A slot
is 4 bytes: the row, and as many bits of the key as are left, so that nearly no look-up
touches a row in vain. Nothing is ever deleted: who asks checks the row itself.
"""

from __future__ import annotations

import numpy as np

WAYS = 16  # one cache line
_NONE = np.uint32(0xFFFFFFFF)


class SlotTable:
    def __init__(self, rows: int, keys: int, load: float) -> None:
        """For `rows` live rows with `keys` keys each, which fill the share `load` of the slots."""
        self.row_bits = np.uint32(max(rows, 2).bit_length())
        buckets = max(4, int(rows * keys / load / WAYS))
        self._buckets = np.uint64(buckets)
        self._slots = np.full((buckets, WAYS), _NONE, dtype=np.uint32)
        self._next = np.zeros(buckets, dtype=np.uint8)

    @property
    def nbytes(self) -> int:
        return self._slots.nbytes + self._next.nbytes

    def find(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows that were put under `keys` (uint64[n], well mixed), with some that were not.

        Returns (which key, row), both int64[found].
        """
        buckets, tags = self._place(keys)
        slots = self._slots[buckets]
        row_mask = (np.uint32(1) << self.row_bits) - np.uint32(1)
        same = ((slots ^ tags[:, None]) & ~row_mask) == 0
        same &= slots != _NONE
        which, way = np.nonzero(same)
        return which, (slots[which, way] & row_mask).astype(np.int64)

    def put(self, keys: np.ndarray, rows: np.ndarray) -> None:
        """Enter `rows` (int64[n], below 2**row_bits) under `keys`."""
        buckets, tags = self._place(keys)
        order = np.argsort(buckets, kind="stable")
        sorted_buckets = buckets[order]
        first = np.flatnonzero(np.diff(sorted_buckets, prepend=-1))
        counts = np.diff(first, append=len(order))
        rank = np.arange(len(order)) - np.repeat(first, counts)
        # Of more than WAYS entries for one bucket in this batch, the last stay.
        stay = rank >= np.repeat(counts, counts) - WAYS
        way = (self._next[sorted_buckets] + rank) % WAYS
        entries = tags | rows.astype(np.uint32)
        chosen = order[stay]
        self._slots[sorted_buckets[stay], way[stay]] = entries[chosen]
        touched = sorted_buckets[first]
        self._next[touched] = (self._next[touched] + counts) % WAYS

    def _place(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The bucket of each key from its high half, its tag from the low half."""
        high = keys >> np.uint64(32)
        buckets = (high * self._buckets) >> np.uint64(32)
        tags = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        return buckets.astype(np.int64), tags >> self.row_bits << self.row_bits
