"""An hour that holds much more of a source or topic than its own past lets expect (C6). Pure.

The past is the same time of day (an hour about) on days of the same kind: working days, or
weekends and holidays. What was published is counted at its hour of publishing, so that a crawl
that was late brings no burst; where the hour of arrival follows on a silence, what the silent hours
owed is expected as well (a source without dates gives everything the hour it was fetched).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np

BEIJING = timezone(timedelta(hours=8))
PAST_DAYS = 28
FEWEST = 5  # items in an hour that may be a burst
TIMES, DEVIATIONS = 2.0, 4.0  # above what is expected
SHORT = 3 * 24  # hours of history below which nothing is called a burst
SAME = 3  # comparable hours below which those of all days are taken
LOOKED_BACK = 3  # hours in which a burst is looked for: what is late is still found
LONGEST_GAP = 48  # silent hours whose items are expected together


@dataclass(frozen=True)
class Burst:
    hour: int  # since 1970
    observed: int
    expected: float
    score: float  # standard deviations
    labels: tuple[str, ...] = ()


def off_days(working: Callable[[date], bool], now: int) -> frozenset[date]:
    """The days off of the last PAST_DAYS and today, in Beijing."""
    today = local(now).date()
    days = (today - timedelta(days=back) for back in range(PAST_DAYS + 1))
    return frozenset(day for day in days if not working(day))


def burst(
    published: Mapping[int, int], arrived: Mapping[int, int], now: int, off: frozenset[date]
) -> Burst | None:
    """The strongest burst of the last LOOKED_BACK hours, the hour `now` included.

    published, arrived: items by hour (since 1970) of publishing and of arrival; what is dated
    after `now` is not looked at.
    """
    first = min((hour for hour in published if now - PAST_DAYS * 24 <= hour <= now), default=now)
    found: list[Burst] = []
    for hour in range(now - LOOKED_BACK + 1, now + 1):
        observed = published.get(hour, 0)
        if observed < FEWEST or hour - first < SHORT:
            continue
        usual = past(published, hour, first, off)
        middle, scatter = usual_level(usual)
        owed = gap(arrived, hour) * middle
        expected = middle + owed
        score = deviations(observed, expected, scatter)
        if observed >= TIMES * expected and score >= DEVIATIONS:
            labels = ("after_gap",) if owed else ()
            found.append(Burst(hour, observed, round(expected, 2), round(score, 2), labels))
    return max(found, key=lambda each: (each.score, each.hour), default=None)


def past(counts: Mapping[int, int], hour: int, first: int, off: frozenset[date]) -> np.ndarray:
    """int[hours]: the counts of comparable hours before `hour`, from `first` on."""
    kind = local(hour).date() in off
    same, all_days = [], []
    for back in range(1, PAST_DAYS + 1):
        for near in (-1, 0, 1):
            then = hour - 24 * back + near
            if then >= first:
                all_days.append(counts.get(then, 0))
                if (local(then).date() in off) == kind:
                    same.append(counts.get(then, 0))
    return np.array(same if len(same) >= SAME else all_days, dtype=float)


def usual_level(usual: np.ndarray) -> tuple[float, float]:
    """(items that are usual, how much wider than a Poisson number they scatter, 1 at least).

    Earlier bursts count as the nine tenths below them, so that one does not hide the next.
    """
    kept = np.minimum(usual, np.quantile(usual, 0.9)) if len(usual) else np.zeros(1)
    middle = float(kept.mean())
    residual = 2 * (np.sqrt(kept + 0.375) - np.sqrt(middle + 0.375))
    return middle, max(1.0, 1.4826 * float(np.median(np.abs(residual))))


def deviations(observed: float, expected: float, scatter: float) -> float:
    """Square roots of counts scatter alike whatever their size (Anscombe)."""
    return float(2 * (np.sqrt(observed + 0.375) - np.sqrt(expected + 0.375)) / scatter)


def gap(arrived: Mapping[int, int], hour: int) -> int:
    """Hours without arrivals just before `hour`; 0 when arrivals are not known."""
    silent = 0
    while arrived and silent < LONGEST_GAP and not arrived.get(hour - 1 - silent, 0):
        silent += 1
    return silent if any(then < hour for then in arrived) else 0


def local(hour: int) -> datetime:
    """The hour since 1970 in Beijing time."""
    return datetime.fromtimestamp(hour * 3600, UTC).astimezone(BEIJING)
