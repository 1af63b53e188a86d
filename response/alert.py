"""The life of an alert: pure functions, time as an argument.

One open alert per matter. A signal opens it, or updates it as the matter grows;
a higher level raises it again with a new chain. Whatever must be told comes back
as notifications whose ids are deterministic, so that doing a step twice after a
crash tells nobody twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from response import report
from response.firing import advance, next_due
from response.roster import NO_DUTY, Duty
from response.routing import Contacts, Routing, chain, clocks
from schemas.alert import OPEN_STATUSES, Alert, Change, Clock, Matter, Notification
from schemas.analysis import LEVEL_RANK, Level
from schemas.base import content_id
from schemas.event import Signal

Reason = Literal["raised", "level_up", "updated", "unchanged", "below_level"]
Outcome = tuple[Alert | None, list[Notification], Reason]
SOURCES = 10  # named in an alert


def alert_id(matter_id: str) -> str:
    return content_id("alert", matter_id)


def on_signal(
    alert: Alert | None,
    signal: Signal,
    routing: Routing,
    contacts: Contacts,
    now: datetime,
    duty: Duty = NO_DUTY,
) -> Outcome:
    """What a signal does to the alert of its matter (None: there is none yet).

    A signal of a matter that was merged into `alert` counts for it too.
    """
    event = signal.event
    if event.level == "none":
        return alert, [], "below_level"
    if alert is None or alert.status not in OPEN_STATUSES:
        return _raise(alert, signal, routing, contacts, now, "raised", duty)
    if LEVEL_RANK[event.level] > LEVEL_RANK[alert.level]:
        return _raise(alert, signal, routing, contacts, now, "level_up", duty)
    matters = with_signal(alert, signal)
    if matters == matters_of(alert):
        return alert, [], "unchanged"
    own = signal.matter_id == alert.matter_id
    updated = replace(
        alert,
        matters=matters,
        items=sum(m.items for m in matters),
        score=max(event.score, alert.score),
        title=event.title if own else alert.title,
        places=_union(alert.places, event.places),
        subjects=_union(alert.subjects, event.subjects),
        sources=_union(alert.sources, _sources(signal)),
        phase=event.phase if own else alert.phase,
        updated_at=now,
    )
    return replace(updated, next_due_at=next_due(updated)), [], "updated"


def matters_of(alert: Alert) -> list[Matter]:
    return alert.matters or [Matter(id=alert.matter_id, items=alert.items, score=alert.score)]


def with_signal(alert: Alert | None, signal: Signal) -> list[Matter]:
    event = signal.event
    new = Matter(id=signal.matter_id, items=event.items, score=event.score)
    before = matters_of(alert) if alert else []
    if all(matter.id != new.id for matter in before):
        return [*before, new]
    return [new if matter.id == new.id else matter for matter in before]


def _raise(
    before: Alert | None,
    signal: Signal,
    routing: Routing,
    contacts: Contacts,
    now: datetime,
    kind: Literal["raised", "level_up"],
    duty: Duty,
) -> Outcome:
    event = signal.event
    route, steps, timing = chain(
        routing, contacts, event.level, event.departments, event.topics, now, event.places, duty
    )
    note = "; ".join(f"{r.rule} {r.points:+g} {r.evidence}" for r in event.reasons)
    change = Change(at=now, actor="system", action=kind, note=note)
    # A signal of an alert that was merged away and lost its target raises one of its own.
    kept = before if before and before.status != "merged" else None
    matters = with_signal(kept, signal)
    alert = Alert(
        id=kept.id if kept else alert_id(signal.matter_id),
        matter_id=kept.matter_id if kept else signal.matter_id,
        title=event.title,
        level=event.level,
        score=event.score,
        opened_at=before.opened_at if before and kind == "level_up" else now,
        updated_at=now,
        departments=event.departments,
        topics=event.topics,
        places=event.places,
        subjects=event.subjects,
        sources=_sources(signal),
        first_at=event.first_at,
        phase=event.phase,
        items=sum(m.items for m in matters),
        matters=matters,
        reasons=event.reasons,
        evidence=event.samples,
        route=route,
        steps=steps,
        timing=timing,
        assignee=before.assignee if before and kind == "level_up" else None,
        clocks=_clocks(before if kind == "level_up" else None, routing, event.level, now),
        history=[*(before.history if before else []), change],
        report=before.report if before else None,
        # What was left to be told is told all the same; only an end is no end any more.
        tells=[tell for tell in before.tells if tell.kind != "final"] if before else [],
    )
    made = report.make(alert, "update" if kind == "level_up" and alert.report else "first", now)
    alert, told = advance(replace(alert, report=made), now)
    return alert, told, kind


def _clocks(before: Alert | None, routing: Routing, level: Level, now: datetime) -> list[Clock]:
    """The clocks of `level`; a clock of the same kind that runs already wins nobody time."""
    running = {
        c.kind: c for c in (before.clocks if before else []) if not (c.met_at or c.lapsed_at)
    }
    new = clocks(routing, level, now)
    return [min(c, running.get(c.kind, c), key=lambda each: each.due_at) for c in new]


def _sources(signal: Signal) -> list[str]:
    return [tally.label for tally in signal.event.sources[:SOURCES]]


def _union(known: list[str], more: list[str]) -> list[str]:
    return list(dict.fromkeys([*known, *more]))


def acknowledge(alert: Alert, actor: str, note: str, now: datetime) -> Alert:
    """Somebody answers: the chain stops, but for the steps that fire always."""
    if alert.status != "open":
        return alert
    change = Change(at=now, actor=actor, action="acknowledged", note=note)
    answered = replace(
        alert,
        status="acknowledged",
        acknowledged_at=now,
        acknowledged_by=actor,
        progress_at=now,
        updated_at=now,
        history=[*alert.history, change],
    )
    return replace(answered, next_due_at=next_due(answered))


__all__ = ["acknowledge", "advance", "alert_id", "next_due", "on_signal"]
