"""The phase of every live event at a moment, with the numbers behind it (C5, C6). Pure.

Latent while small; outbreak when the current three hours hold twice those before and are about
the most there ever were; rebound when they double after a calm that followed the peak; decline
below a third of the peak; else spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.hourseries import HOURS, WINDOW, HourMatrix, as_series
from schemas.event import Phase

SMALL = 5  # items in all, and items of a window that may be an outbreak or rebound
DOUBLE = 2
CALM = 3  # times below the peak
_PHASES: tuple[Phase, ...] = ("latent", "outbreak", "spread", "decline", "rebound")


@dataclass(frozen=True)
class Phases:
    """Arrays by event; `peak_hour` is an hour since 1970."""

    items: np.ndarray
    recent: np.ndarray
    before: np.ndarray
    peak: np.ndarray
    peak_hour: np.ndarray
    trough: np.ndarray
    code: np.ndarray

    def phase(self, event: int) -> Phase:
        return _PHASES[self.code[event]]


def phases_of(hours: Sequence[Mapping[int, int]], now: int) -> list[Phase]:
    """Of events by their items of each hour (hours since 1970), at the hour `now`."""
    if not hours:
        return []
    found = phases(HourMatrix([as_series(each) for each in hours], now))
    return [found.phase(at) for at in range(len(hours))]


def phases(matrix: HourMatrix) -> Phases:
    windows = matrix.windows()
    items = matrix.counts.sum(axis=1) + matrix.old
    recent, before = windows[:, -1], windows[:, -1 - WINDOW]
    top = windows.argmax(axis=1)
    peak = windows[np.arange(len(windows)), top]
    # Windows that lie whole between the peak and the current one.
    columns = np.arange(HOURS)
    between = (columns >= top[:, None] + WINDOW) & (columns <= HOURS - 1 - WINDOW)
    trough = np.where(between, windows, peak[:, None]).min(axis=1)
    rising = (recent >= SMALL) & (recent >= DOUBLE * np.maximum(before, 1))
    code = np.select(
        [
            items < SMALL,
            rising & (10 * recent >= 9 * peak),
            rising & (CALM * trough < peak),
            CALM * recent < peak,
        ],
        [0, 1, 4, 3],
        default=2,
    )
    code[(items >= SMALL) & (recent == 0)] = 3
    hour = matrix.now - HOURS + 1 + top
    return Phases(items, recent, before, peak, hour, trough, code)
