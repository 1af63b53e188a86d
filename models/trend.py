"""What the next day of an event looks like, or that nobody can say (C9). Pure.

Each way of forecasting is tried on the event's own past. The one that errs least is used, if it
errs less than the naive forecasts (the last hour again; the same hour of yesterday): else there
is none, and it is said why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from models.cascade import DAY, day_totals, decay
from schemas.trend import Forecast, Peak

HISTORY = 144  # hours looked at
YOUNGEST, SMALLEST = 6, 20  # hours of history; items of the last day
_BACK = (3, 6, 12, 18, 24)  # hours before now at which forecasts are tried
PREFERRED = 0.5  # another way than the cascade has to err this much less
SETTLED = 3  # hours after the top before it is called a peak
Way = Callable[[np.ndarray, int], np.ndarray]
Method = Literal["cascade", "decay", "level", "none"]


@dataclass(frozen=True)
class Trial:
    """Mean absolute errors, items an hour, of all back-tests."""

    errors: dict[Method, float]
    naive: float

    def best(self) -> Method:
        """Three to five back-tests of one event are few: they overrule what thousands of
        cascades say for the cascade only by a wide margin."""
        handicap: dict[Method, float] = {"cascade": PREFERRED}
        return min(self.errors, key=lambda name: self.errors[name] * handicap.get(name, 1.0))


def naive(counts: np.ndarray, hour: int) -> np.ndarray:
    return np.full(DAY, counts[-1])


def seasonal(counts: np.ndarray, hour: int) -> np.ndarray:
    return counts[-DAY:] if len(counts) >= DAY else naive(counts, hour)


def level(counts: np.ndarray, hour: int) -> np.ndarray:
    """The mean of the last day: of a matter that goes on evenly."""
    return np.full(DAY, counts[-DAY:].mean())


def cascade(counts: np.ndarray, hour: int) -> np.ndarray:
    shape = decay(counts, hour)
    _, middle, _ = day_totals(counts, shape.sum())
    return shape * (middle / max(shape.sum(), 1e-9))


WAYS: dict[Method, Way] = {"cascade": cascade, "decay": decay, "level": level}


def dense(hours: Mapping[int, int], now: int) -> tuple[np.ndarray, int]:
    """(float[hours] up to the last whole hour before the hour `now`, the first of them).

    Items dated later are not looked at: they are not of the past.
    """
    past = {hour: n for hour, n in hours.items() if now - HISTORY <= hour < now}
    if not past:
        return np.zeros(0), now
    first = min(past)
    counts = np.zeros(now - first)
    for hour, items in past.items():
        counts[hour - first] = items
    return counts, first


def back_test(counts: np.ndarray, first: int) -> Trial | None:
    """How the ways and the naive forecasts did; None when the past is too short to say."""
    origins = [len(counts) - back for back in _BACK if len(counts) - back >= YOUNGEST // 2]
    if not origins:
        return None

    def error(way: Way) -> float:
        missed = [
            np.abs(way(counts[:origin], first)[: len(counts) - origin] - counts[origin:][:DAY])
            for origin in origins
        ]
        return float(np.mean([each.mean() for each in missed]))

    return Trial(
        {name: error(way) for name, way in WAYS.items()}, min(error(naive), error(seasonal))
    )


def forecast(hours: Mapping[int, int], now: int) -> Forecast:
    """For the 24 hours from `now` (hours since 1970) on."""
    counts, first = dense(hours, now)
    if len(counts) < YOUNGEST:
        return Forecast(why="young")
    peak, peak_hour = peaked(counts)
    peak_at = _time(first + peak_hour) if peak == "past" else None
    if counts[-DAY:].sum() < SMALLEST:
        return Forecast(why="small", peak=peak, peak_at=peak_at)
    trial = back_test(counts, first)
    if trial is None:
        return Forecast(why="young")
    method = trial.best()
    found = Forecast(
        error=trial.errors[method], naive_error=trial.naive, peak=peak, peak_at=peak_at
    )
    if trial.errors[method] >= trial.naive:
        found.why = "naive"
        return found
    hourly = WAYS[method](counts, first)
    ratio_low, ratio_high = spread(counts, first, hourly)
    found.method = method
    found.begins = _time(now)
    found.hourly, found.total = _rounded(hourly), round(float(hourly.sum()), 1)
    low, high = bounds(hourly, ratio_low, ratio_high)
    found.low, found.high = _rounded(low), _rounded(high)
    found.total_low = round(found.total * ratio_low, 1)
    found.total_high = round(found.total * ratio_high, 1)
    if hourly.max() > counts.max():
        found.peak, found.peak_at = "ahead", _time(now + int(hourly.argmax()))
    return found


def spread(counts: np.ndarray, first: int, hourly: np.ndarray) -> tuple[float, float]:
    """(low, high) of the day's items over the forecast's: the interval of the regression, which
    holds for whatever way forecast it, and the forecast within it."""
    low, _, high = day_totals(counts, decay(counts, first).sum())
    total = max(float(hourly.sum()), 1e-9)
    return min(1.0, low / total), max(1.0, high / total)


def bounds(hourly: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Interval of single hours: that of the day, and the scatter of small numbers on it."""
    scatter = 1.28 * np.sqrt(hourly + 0.25)  # of a Poisson number, 80 %
    return np.maximum(0, hourly * low - scatter), hourly * high + scatter


def peaked(counts: np.ndarray) -> tuple[Peak, int]:
    """(whether the top is past, its place): unclear while it is hardly over."""
    top = int(counts.argmax())
    settled = len(counts) - 1 - top >= SETTLED and counts[-SETTLED:].max() < counts[top] / 2
    return ("past" if settled else "unclear"), top


def _time(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * 3600, UTC)


def _rounded(values: Sequence[float] | np.ndarray) -> list[float]:
    return [round(float(value), 2) for value in values]
