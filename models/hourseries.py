"""Counts by hour of many events as one matrix, and sums over windows of hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

HOURS = 144  # columns: six days up to the current hour
WINDOW = 3  # hours of a window


def as_series(hours: Mapping[int, int]) -> np.ndarray:
    """int64[2, hours]: the hours since 1970, and their items."""
    flat = (list(hours), list(hours.values()))
    return np.array(flat, dtype=np.int64).reshape(2, len(hours))


class HourMatrix:
    """Of `series`, each of `as_series`. counts: int32[events, HOURS], the last column is the hour
    `now`; `future` and `old`: int64[events], items dated after it and before the first column."""

    def __init__(self, series: Sequence[np.ndarray], now: int) -> None:
        lengths = np.array([each.shape[1] for each in series], dtype=np.int64)
        hours, counts = np.concatenate(series, axis=1) if series else np.zeros((2, 0), np.int64)
        owner = np.repeat(np.arange(len(series)), lengths)
        column = hours - (now - HOURS + 1)
        inside = (column >= 0) & (column < HOURS)
        self.now = now
        self.counts = np.zeros((len(series), HOURS), dtype=np.int32)
        self.counts[owner[inside], column[inside]] = counts[inside]
        self.future = np.bincount(owner, counts * (column >= HOURS), len(series)).astype(np.int64)
        self.old = np.bincount(owner, counts * (column < 0), len(series)).astype(np.int64)

    def windows(self) -> np.ndarray:
        """int32[events, HOURS]: items of the WINDOW hours that end with each column."""
        total = np.cumsum(self.counts, axis=1, dtype=np.int32)
        total[:, WINDOW:] -= total[:, :-WINDOW].copy()
        return total
