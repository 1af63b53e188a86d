"""What analysts decided of events (merge, split, rename), obeyed from then on. Pure.

Decisions stand in the same topic as the items, so that every worker and every rebuild meets
them at the same place. Those older than a rebuild reads are applied before it begins.
"""

from __future__ import annotations

from datetime import datetime

from models.event_state import LiveEvent
from models.events import EventGrouper
from schemas.base import content_id
from schemas.event import EventChange
from schemas.opinion import EventDecision

MOST = 200  # items that one decision splits off


def split_id(decision_event: str, first: str) -> str:
    """The id of the event that is split off `decision_event`, whose first thing is `first`."""
    return content_id("event", "split", decision_event, first)


def decide(grouper: EventGrouper, decision: EventDecision, now: datetime) -> list[LiveEvent]:
    """Obey `decision`; the live events it changed. Twice changes nothing more; what it cannot do
    now (an event that is not live) holds for what comes."""
    event_id = grouper.resolve(decision.event)
    event = grouper.live.get(event_id)
    match decision.action:
        case "rename":
            grouper.names[event_id] = decision.title
            if event is None or event.named == decision.title:
                return []
            event.named = decision.title
            event.note(_change(decision, "renamed", ""))
            return [event]
        case "merge":
            return _merge(grouper, decision, event_id, event, now)
        case _:
            return _split(grouper, decision, event_id, event, now)


def _merge(
    grouper: EventGrouper, decision: EventDecision, event_id: str, event: LiveEvent | None,
    now: datetime,
) -> list[LiveEvent]:  # fmt: skip
    gone_id = grouper.resolve(decision.other)
    if gone_id == event_id:
        return []
    grouper.apart -= {(event_id, gone_id), (gone_id, event_id)}
    gone = grouper.live.get(gone_id)
    if event is not None and gone is not None:
        grouper.merge(event, gone, decision.actor, decision.note, decision.at)
        return [event, gone]
    if gone is not None:  # the one that stays is not live: it comes back with what this one has
        event = grouper.own(event_id, gone.first_source, gone.first_at)
        grouper.merge(event, gone, decision.actor, decision.note, decision.at)
        return [event, gone]
    grouper.alias(gone_id, event_id)
    return []


def _split(
    grouper: EventGrouper, decision: EventDecision, event_id: str, event: LiveEvent | None,
    now: datetime,
) -> list[LiveEvent]:  # fmt: skip
    if not decision.briefs or event is None:
        return []
    new = grouper.own(decision.other, decision.briefs[0].source, decision.briefs[0].published_at)
    grouper.apart.add((event_id, new.id))
    known = new.items
    for brief in decision.briefs[:MOST]:
        grouper.move(brief, new, now)
    if new.items == known:
        return []
    for one, other in ((event, new), (new, event)):
        one.note(_change(decision, "split", other.id))
    return [event, new]


def _change(decision: EventDecision, action: str, other: str) -> EventChange:
    return EventChange(
        at=decision.at, actor=decision.actor, action=action,  # type: ignore[arg-type]
        other=other, note=decision.note,
    )  # fmt: skip
