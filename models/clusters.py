"""Who was first of each cluster of copies; outlives the first's own row in the window."""

from __future__ import annotations

import numpy as np


class Clusters:
    def __init__(self) -> None:
        self.ids = np.zeros((64, 2), dtype=np.uint64)
        self.first = np.zeros(64, dtype=np.int64)  # sequence number of the first's row
        self._members = np.zeros(64, dtype=np.int32)
        self._free = list(range(64))

    def open(self, item_id: np.ndarray, seq: int) -> int:
        """A new cluster with this first member."""
        if not self._free:
            self._grow()
        number = self._free.pop()
        self.ids[number], self.first[number], self._members[number] = item_id, seq, 1
        return number

    def join(self, number: int) -> None:
        self._members[number] += 1

    def leave(self, numbers: np.ndarray) -> None:
        """Rows of these clusters left the window (a number once per row)."""
        np.subtract.at(self._members, numbers, 1)
        touched = np.unique(numbers)
        self._free.extend(touched[self._members[touched] == 0].tolist())

    def name(self, number: int) -> str:
        return self.ids[number].tobytes().hex()

    def _grow(self) -> None:
        size = len(self.ids)
        self.ids = np.concatenate((self.ids, np.zeros_like(self.ids)))
        self.first = np.concatenate((self.first, np.zeros_like(self.first)))
        self._members = np.concatenate((self._members, np.zeros_like(self._members)))
        self._free.extend(range(size, 2 * size))
