"""How grave an event is, and when there is something new to say of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime

from models.casualties import Harm
from models.event_state import LiveEvent
from models.severity import Facts, score_event
from models.severity_rules import Rules
from schemas.analysis import LEVEL_RANK
from schemas.base import content_id
from schemas.event import Signal
from schemas.raw_item import Tier

GROWTH = 1.5  # times the items of the last signal
STEP = 5.0  # points above the last signal
TIERS: tuple[Tier, ...] = ("public", "institution", "county", "city", "provincial", "central")


class EventScorer:
    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def use(self, rules: Rules) -> None:
        self._rules = rules

    def score(self, events: Iterable[LiveEvent]) -> None:
        """Set score, level and reasons of events that changed."""
        for event in events:
            severity = score_event(_facts(event), event.best.reasons, self._rules)
            best = event.best
            if best.score > severity.score:  # never below its gravest item
                event.score, event.level, event.reasons = best.score, best.level, best.reasons
            else:
                event.score, event.level = severity.score, severity.level
                event.reasons = severity.reasons


def _facts(event: LiveEvent) -> Facts:
    attitudes = event.tallies["attitudes"]
    negative = attitudes["negative"] / max(event.items, 1)
    tiers = event.tallies["tiers"]
    known = {field.name for field in fields(Harm)}
    return Facts(
        topics=tuple(label for label, _ in event.tallies["topics"].most_common(3)),
        departments=tuple(label for label, _ in event.tallies["departments"].most_common(3)),
        attitude="negative" if negative >= 0.5 else "neutral",
        confidence=max(negative, 1 - negative),
        act=event.best.act,
        harm=Harm(**{name: value for name, value in event.harm.items() if name in known}),
        tier=max((tier for tier in TIERS if tiers[tier]), key=TIERS.index, default="public"),
        followers=event.followers,
        copies=event.items - event.documents,
        per_hour=event.last_hours()[0],
    )


def signal(event: LiveEvent, now: datetime) -> Signal | None:
    """The signal of an event that rose, grew or became graver since its last one."""
    level, items, score = event.signalled
    if event.level == "none":
        return None
    rose = LEVEL_RANK[event.level] > LEVEL_RANK[level]
    if not (rose or event.items >= items * GROWTH or event.score >= score + STEP):
        return None
    event.signalled = (event.level, event.items, event.score)
    return Signal(
        id=content_id("signal", event.id, event.level, str(event.items), f"{event.score:g}"),
        matter_id=event.id,
        kind="severity" if rose else "growth",
        at=now,
        event=event.record(now),
    )
