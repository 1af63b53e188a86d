"""How the volume of a matter decays after its peak, by hour. Pure.

The rate falls as a power of the time since the peak, times how people are awake through the day;
all powers and delays of a grid are weighted by how well they fit, the last hours most. The total
of the coming day, and its interval, is by quantile regression on what the series looks like: its
weights were fitted by `python -m benchmarks.trend DATA --fit`.
"""

from __future__ import annotations

import numpy as np

DAY = 24
QUANTILES = (0.1, 0.5, 0.9)
HALF_LIFE = 12.0  # hours: how fast an hour loses its weight in the fit
_POWER, _DELAY = (
    axis.ravel()[:, None]
    for axis in np.meshgrid((0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3), (0.5, 1, 2, 4, 8, 16, 48))
)
# Share of the day's items by hour of Beijing time, times 24.
AWAKE = np.array([
    1.38, 0.78, 0.5, 0.36, 0.3, 0.32, 0.42, 0.84, 1.14, 1.37, 1.32, 1.23,
    1.37, 1.29, 1.18, 1.01, 0.96, 0.92, 0.95, 0.93, 1.1, 1.17, 1.36, 1.8,
])  # fmt: skip
# Rows: QUANTILES; columns: see `features`.
WEIGHTS = np.array([
    [0.825, 0.437, 0.253, -0.088, 0.198, -0.145, 0.227, -0.082, -0.35],
    [2.762, 0.512, 0.165, -0.33, 0.337, -0.231, 0.183, -0.235, -0.282],
    [6.715, 0.307, 0.207, -0.322, 0.301, -0.231, -0.148, -0.203, -0.492],
])  # fmt: skip


def decay(counts: np.ndarray, hour: int, ahead: int = DAY) -> np.ndarray:
    """float[ahead]: items of the hours after `counts` (float[hours], the first of them the hour
    `hour` since 1970)."""
    hours = len(counts)
    top = int(counts.argmax())
    awake = AWAKE[(hour + 8 + np.arange(top, hours + ahead)) % DAY]
    shape = awake * (np.arange(hours + ahead - top) + _DELAY) ** -_POWER
    seen, seen_shape = counts[top:], shape[:, : hours - top]
    weight = 0.5 ** (np.arange(hours - top - 1, -1, -1) / HALF_LIFE)
    size = (weight @ seen + 1e-9) / (seen_shape @ weight)
    rate = size[:, None] * seen_shape
    likely = (np.log(rate + 1e-12) * seen - rate) @ weight
    share = np.exp(likely - likely.max())
    return np.asarray((share / share.sum() * size) @ shape[:, hours - top :])


def features(counts: np.ndarray, decayed: float) -> np.ndarray:
    """float[9] of a series whose decay forecasts `decayed` items for the next day."""
    sums = [counts[-n:].sum() for n in (1, 3, 6, DAY)]
    sizes = [decayed, *sums, counts.max(), len(counts) - 1 - int(counts.argmax()), len(counts)]
    return np.array([1.0, *np.log1p(sizes)])


def day_totals(counts: np.ndarray, decayed: float) -> tuple[float, float, float]:
    """(low, middle, high) of the items of the next day: the QUANTILES."""
    found = np.expm1(np.clip(WEIGHTS @ features(counts, decayed), 0, 20))
    low, middle, high = found.tolist()
    return min(low, middle), middle, max(middle, high)
