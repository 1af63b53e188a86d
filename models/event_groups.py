"""All that the events agent does to a message, in order: decide, group, watch, judge, score."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.early_signs import EarlyJudge
from models.event_decisions import decide
from models.event_state import LiveEvent
from models.events import EventGrouper
from models.first_hour_watch import FirstHours
from models.phases import phases_of
from models.signals import EventScorer
from schemas.opinion import OpinionBatch


class EventGroups:
    def __init__(self, scorer: EventScorer, judge: EarlyJudge | None) -> None:
        self.grouper = EventGrouper()
        self._hours = FirstHours()
        self._scorer, self._judge = scorer, judge

    def apply(self, batch: OpinionBatch, now: datetime, idle: timedelta) -> list[LiveEvent]:
        """The events that changed; those without news for `idle` are let go."""
        grouper = self.grouper
        changed = {event.id: event for event in grouper.add(batch.briefs, now, anew=batch.replayed)}
        for brief in batch.briefs:
            event_id = grouper.event_of(brief.origin_id)
            if event_id is not None:
                self._hours.add(brief, event_id, now)
        for decision in batch.decisions:
            changed |= {event.id: event for event in decide(grouper, decision, now)}
        changed |= {event.id: event for event in self._judged(now)}
        found = list(changed.values())
        self._scorer.score(found)
        hour = int(now.timestamp() // 3600)
        for event, phase in zip(found, phases_of([e.hours for e in found], hour), strict=True):
            event.phase = phase
        grouper.expire(now, idle)
        return found

    def _judged(self, now: datetime) -> list[LiveEvent]:
        """The events whose first hour is over, with what it says of them."""
        due = [post for post in self._hours.due(now) if self._event(post.event_id)]
        if not due or self._judge is None:
            return []
        found = []
        for post, signs in zip(due, self._judge.signs(due), strict=True):
            event = self._event(post.event_id)
            if event is None:
                continue
            for sign, worth in signs:
                event.signs = [*event.signs, sign][-4:]
                if worth:
                    event.pending.append((sign.kind, [f"可能性 {sign.chance:.2f}", *sign.reasons]))
            found.append(event)
        return found

    def _event(self, event_id: str) -> LiveEvent | None:
        return self.grouper.live.get(self.grouper.resolve(event_id))
