"""The rows of a window of time, in a ring of preallocated arrays."""

from __future__ import annotations

import numpy as np

from models.fingerprints import BINS, Fingerprints

_MOST = 0xFFFF  # letters; of a longer text's length only "long" is kept
_BLOCK = 4096


class Window:
    """Rows are named by their sequence number; row `seq` is at `seq % capacity`."""

    def __init__(self, seconds: int, capacity: int) -> None:
        self.seconds, self.capacity = seconds, capacity
        self.ids = np.zeros((capacity, 2), dtype=np.uint64)
        self.times = np.zeros(capacity, dtype=np.uint32)  # epoch seconds, until 2106
        self.exact = np.zeros(capacity, dtype=np.uint64)
        self.size = np.zeros(capacity, dtype=np.uint16)
        self.signature = np.zeros((capacity, BINS), dtype=np.uint8)
        self.cluster = np.zeros(capacity, dtype=np.int32)
        self.score = np.zeros(capacity, dtype=np.uint8)
        self.tail = self.head = 0  # live rows are tail <= seq < head
        self.newest = 0

    @property
    def nbytes(self) -> int:
        return sum(value.nbytes for value in vars(self).values() if isinstance(value, np.ndarray))

    def live(self, places: np.ndarray) -> np.ndarray:
        """bool: the row at each place (0 ≤ place < capacity) is in the window."""
        return (places - self.tail) % self.capacity < self.head - self.tail

    def age(self, places: np.ndarray) -> np.ndarray:
        """int64: rows since each; the last one's age is 0."""
        return (self.head - 1 - places) % self.capacity

    def make_room(self, rows: int, newest: int) -> np.ndarray:
        """Move the tail for `rows` new ones, the latest of `newest` seconds; the places freed."""
        self.newest = max(self.newest, newest)
        before = self.tail
        self.tail = max(self.tail, self.head + rows - self.capacity)
        oldest = self.newest - self.seconds
        while self.tail < self.head:
            places = np.arange(self.tail, min(self.tail + _BLOCK, self.head)) % self.capacity
            old = self.times[places] < max(oldest, 0)
            gone = len(old) if old.all() else int(old.argmin())
            self.tail += gone
            if gone < _BLOCK:
                break
        return np.arange(before, self.tail) % self.capacity

    def append(self, ids: np.ndarray, times: np.ndarray, prints: Fingerprints) -> np.ndarray:
        """Write rows that no cluster has yet; their places."""
        places = np.arange(self.head, self.head + len(ids)) % self.capacity
        self.ids[places] = ids
        self.times[places] = np.clip(times, 0, 0xFFFFFFFF)
        self.exact[places] = prints.exact
        self.size[places] = np.minimum(prints.size, _MOST)
        self.signature[places] = prints.signature
        self.cluster[places] = -1
        self.score[places] = 0
        self.head += len(ids)
        return places
