"""The record of a live event, for the index and for signals. Pure."""

from __future__ import annotations

from datetime import datetime

from models.event_state import HOURS, LiveEvent
from models.event_titles import title_of
from schemas.event import Event, Tally

SHOWN = 20  # labels of a tally
_MANY = 20  # items from which a label about all of them means something
_SHARE = 0.95


def title(event: LiveEvent, words: list[str]) -> str:
    """What an analyst named it, else its best sentence."""
    if event.named:
        return event.named
    headline, best = event.headline, event.best
    texts = [headline.title or headline.content, best.title or best.content, *event.latest]
    return title_of(dict.fromkeys(texts), {word: event.sums[word] for word in words})


def labels(event: LiveEvent) -> list[str]:
    """What is doubtful in its items."""
    found = ["future_dates"] if event.future else []
    if event.items < _MANY:
        return found
    (_, most), *_ = event.most("sources", 1) or [("", 0)]
    if most >= _SHARE * event.items:
        found.append("one_source")
    if event.first_at == event.last_at:
        found.append("one_moment")
    if event.documents <= 1:
        found.append("one_text")
    return found


def provinces(event: LiveEvent) -> set[str]:
    """Division codes of two digits, of places spoken of and of sources."""
    return {code[:2] for name in ("places", "regions") for code in event.tally(name) if code}


def record(event: LiveEvent, now: datetime) -> Event:
    last_hour, previous_hour = event.last_hours()
    words = sorted(event.sums, key=lambda word: (-event.sums[word], word))[:12]
    top = {name: [label for label, _ in event.most(name, SHOWN)]
           for name in ("topics", "departments", "places", "subjects")}  # fmt: skip
    return Event(
        id=event.id,
        title=title(event, words),
        words=" ".join(words),
        keywords=words,
        first_at=event.first_at,
        last_at=event.last_at,
        updated_at=now,
        items=event.items,
        documents=event.documents,
        first_source=event.first_source,
        channels=_tally(event, "channels"),
        sources=_tally(event, "sources"),
        attitudes=_tally(event, "attitudes"),
        tiers=_tally(event, "tiers"),
        regions=_tally(event, "regions"),
        topics=top["topics"],
        departments=top["departments"],
        places=top["places"],
        subjects=top["subjects"],
        phase=event.phase,
        last_hour=last_hour,
        previous_hour=previous_hour,
        score=event.score,
        level=event.level,
        reasons=event.reasons,
        denials=event.denials,
        samples=[sample for _, sample in event.samples],
        hours={hour: n for hour, n in sorted(event.hours.items())[-HOURS:] if n > 0},
        provinces=len(provinces(event)),
        things=list(event.things),
        parted=list(event.parted),
        labels=labels(event),
        signs=event.signs,
        merged_into=event.merged_into,
        history=event.history,
    )


def _tally(event: LiveEvent, name: str) -> list[Tally]:
    return [Tally(label=label, count=count) for label, count in event.most(name, SHOWN)]
