"""How hot each event is now: the formula of docs/events.md, "Heat". Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.hourseries import HOURS, HourMatrix
from schemas.event import Event

HALF_LIFE = 6.0  # hours in which an item loses half its weight
PER_SOURCE = 500.0  # items of one (effective) source that count: a flood is not heat
AUTHORITY = {"central": 0.5, "provincial": 0.3, "city": 0.2, "county": 0.1, "institution": 0.1}
FACTORS = ("spread", "authority", "attitude", "severity")
SINGLE, MANY = 0.9, 50  # share of one source, of at least so many items: labelled


@dataclass(frozen=True)
class Heat:
    """heat: float[events]; volume: float[events], decayed items; factors: float[events, 4]."""

    heat: np.ndarray
    volume: np.ndarray
    factors: np.ndarray


def make_up(event: Event) -> tuple[float, float, float, float, float]:
    """(effective number of sources, then the FACTORS) of what an event consists of."""
    total = sum(tally.count for tally in event.sources) or 1
    sources = 1 / (sum((tally.count / total) ** 2 for tally in event.sources) or 1.0)
    labels = [tally.label for tally in event.tiers if tally.count]
    negative = next((t.count for t in event.attitudes if t.label == "negative"), 0)
    judged = sum(tally.count for tally in event.attitudes) or 1
    return (
        sources,
        1 + np.log2(sources) / 4,
        1 + max((AUTHORITY.get(label, 0.0) for label in labels), default=0.0),
        1 + negative / judged / 2,
        1 + event.score / 100,
    )


def heat(matrix: HourMatrix, made: np.ndarray) -> Heat:
    """made: float[events, 5], of `make_up`."""
    age = np.arange(HOURS - 1, -1, -1)
    volume = matrix.counts @ 0.5 ** (age / HALF_LIFE)
    counted = np.minimum(volume, PER_SOURCE * made[:, 0])
    value = 10 * np.log2(1 + counted * made[:, 1:].prod(axis=1))
    return Heat(value, volume, made[:, 1:])


def labels(event: Event, future: int) -> list[str]:
    """What to keep in mind when reading its numbers."""
    found = ["future_dates"] if future else []
    top = max(event.sources, key=lambda tally: tally.count, default=None)
    if top and event.items >= MANY and top.count >= SINGLE * event.items:
        found.append("single_source")
    return found


def rank(values: Sequence[float]) -> list[int]:
    """Places of the hottest first; the earlier stays before on a tie."""
    return [int(at) for at in np.argsort(-np.asarray(values, dtype=float), kind="stable")]
