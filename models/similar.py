"""The most similar past events, and how they went (C10). Pure.

Candidates come from the archive by their words; they are put in order by words and make-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.alert import Alert
from schemas.analysis import LEVEL_RANK
from schemas.event import Event
from schemas.trend import Trend

# Of the similarity, together 1.
WORDS, TOPICS, PLACES, SUBJECTS, LEVEL, CHANNELS = 0.55, 0.15, 0.08, 0.07, 0.1, 0.05
LEAST = 0.15  # below this nothing is called similar


@dataclass(frozen=True)
class Course:
    """How an event went."""

    items: int
    days: float
    level: str
    peak: int | None = None  # items of the busiest three hours
    peak_after: timedelta | None = None  # from the first item
    outcome: str = ""  # status of its alert; "" when there was none
    alert_id: str = ""
    acknowledged_after: timedelta | None = None
    closed_after: timedelta | None = None


@dataclass(frozen=True)
class Similar:
    event: Event
    similarity: float
    why: dict[str, float]  # part of the similarity by what is alike
    course: Course


def rank(
    event: Event,
    candidates: Iterable[tuple[Event, float]],
    limit: int = 5,
) -> list[tuple[Event, float, dict[str, float]]]:
    """(event, similarity, its parts), the most similar first.

    candidates: (past event, score of the search). The event itself is none of them.
    """
    pairs = [(other, score) for other, score in candidates if other.id != event.id]
    best = max((score for _, score in pairs), default=0.0) or 1.0
    found = []
    for other, score in pairs:
        parts = likeness(event, other, score / best)
        total = round(sum(parts.values()), 3)
        if total >= LEAST and (parts["words"] > 0):
            found.append((other, total, {name: v for name, v in parts.items() if v}))
    found.sort(key=lambda row: (-row[1], row[0].id))
    return found[:limit]


def likeness(event: Event, other: Event, searched: float) -> dict[str, float]:
    """Parts of the similarity, together 0 to 1; `searched` is the share of the best score."""
    own = overlap(event.keywords, other.keywords)
    apart = abs(LEVEL_RANK[event.level] - LEVEL_RANK[other.level]) / max(LEVEL_RANK.values())
    channels = overlap([t.label for t in event.channels], [t.label for t in other.channels])
    return {
        "words": round(WORDS * (own + searched * own**0.5) / 2, 3),
        "topics": round(TOPICS * overlap(event.topics, other.topics), 3),
        "places": round(PLACES * overlap(event.places, other.places), 3),
        "subjects": round(SUBJECTS * overlap(event.subjects, other.subjects), 3),
        "level": round(LEVEL * (1 - apart), 3) if "none" not in (event.level, other.level) else 0.0,
        "channels": round(CHANNELS * channels, 3),
    }


def overlap(some: Sequence[str], others: Sequence[str]) -> float:
    """Shared of the smaller set, 0 to 1 (Szymkiewicz-Simpson)."""
    left, right = set(some), set(others)
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def course(event: Event, trend: Trend | None, alert: Alert | None) -> Course:
    """What is known of how it went; without trend or alert what the event alone tells."""
    numbers = trend.numbers if trend else None
    peak_at = numbers.peak_at if numbers else None
    return Course(
        items=event.items,
        days=round((event.last_at - event.first_at) / timedelta(days=1), 1),
        level=event.level,
        peak=numbers.peak if numbers else None,
        peak_after=_after(event.first_at, peak_at),
        outcome=alert.status if alert else "",
        alert_id=alert.id if alert else "",
        acknowledged_after=_after(alert.opened_at, alert.acknowledged_at) if alert else None,
        closed_after=_after(alert.opened_at, alert.closed_at) if alert else None,
    )


def _after(begin: datetime, end: datetime | None) -> timedelta | None:
    return max(end - begin, timedelta(0)) if end else None
