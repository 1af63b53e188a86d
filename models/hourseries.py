"""Counts by hour of many events as one matrix, and sums over windows of hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

HOURS = 144  # columns: six days up to the current hour
WINDOW = 3  # hours of a window


class HourMatrix:
    """counts: int64[events, HOURS], the last column is the hour `now`; `future` and `old`:
    int64[events], items dated after it and before the first column."""

    def __init__(self, series: Sequence[Mapping[int, int]], now: int) -> None:
        lengths = np.array([len(each) for each in series], dtype=np.int64)
        size = int(lengths.sum())
        hours = np.fromiter((h for each in series for h in each), np.int64, size)
        counts = np.fromiter((n for each in series for n in each.values()), np.int64, size)
        owner = np.repeat(np.arange(len(series)), lengths)
        column = hours - (now - HOURS + 1)
        inside = (column >= 0) & (column < HOURS)
        self.now = now
        self.counts = np.zeros((len(series), HOURS), dtype=np.int64)
        self.counts[owner[inside], column[inside]] = counts[inside]
        self.future = np.bincount(owner, counts * (column >= HOURS), len(series)).astype(np.int64)
        self.old = np.bincount(owner, counts * (column < 0), len(series)).astype(np.int64)

    def windows(self) -> np.ndarray:
        """int64[events, HOURS]: items of the WINDOW hours that end with each column."""
        total = np.cumsum(self.counts, axis=1)
        total[:, WINDOW:] -= total[:, :-WINDOW].copy()
        return total
