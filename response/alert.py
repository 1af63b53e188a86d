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

from response.message import notifications
from response.routing import Contacts, Routing, chain, clocks
from schemas.alert import OPEN_STATUSES, Alert, Change, Notification, NotificationKind
from schemas.analysis import LEVEL_RANK
from schemas.base import content_id
from schemas.event import Signal

Reason = Literal["raised", "level_up", "updated", "unchanged", "below_level"]
Outcome = tuple[Alert | None, list[Notification], Reason]


def alert_id(matter_id: str) -> str:
    return content_id("alert", matter_id)


def on_signal(
    alert: Alert | None, signal: Signal, routing: Routing, contacts: Contacts, now: datetime
) -> Outcome:
    """What a signal does to the alert of its matter (None: there is none yet)."""
    event = signal.event
    if event.level == "none":
        return alert, [], "below_level"
    if alert is None or alert.status not in OPEN_STATUSES:
        return _raise(alert, signal, routing, contacts, now, "raised")
    if LEVEL_RANK[event.level] > LEVEL_RANK[alert.level]:
        return _raise(alert, signal, routing, contacts, now, "level_up")
    if event.items == alert.items and event.score == alert.score:
        return alert, [], "unchanged"
    updated = replace(
        alert, items=event.items, score=max(event.score, alert.score), title=event.title,
        updated_at=now,
    )  # fmt: skip
    return updated, [], "updated"


def _raise(
    before: Alert | None,
    signal: Signal,
    routing: Routing,
    contacts: Contacts,
    now: datetime,
    kind: Literal["raised", "level_up"],
) -> Outcome:
    event = signal.event
    route, steps = chain(routing, contacts, event.level, event.departments, event.topics, now)
    note = "; ".join(f"{r.rule} {r.points:+g} {r.evidence}" for r in event.reasons)
    change = Change(at=now, actor="system", action=kind, note=note)
    alert = Alert(
        id=alert_id(signal.matter_id),
        matter_id=signal.matter_id,
        title=event.title,
        level=event.level,
        score=event.score,
        opened_at=before.opened_at if before and kind == "level_up" else now,
        updated_at=now,
        departments=event.departments,
        topics=event.topics,
        places=event.places,
        items=event.items,
        reasons=event.reasons,
        evidence=event.samples,
        route=route,
        steps=steps,
        clocks=clocks(routing, event.level, now),
        history=[*(before.history if before else []), change],
    )
    alert, told = _fire(alert, now, kind)
    return alert, told, kind


def advance(alert: Alert, now: datetime) -> tuple[Alert, list[Notification]]:
    """Fire what is due by `now`: steps of the chain, warnings and lapses of clocks."""
    if alert.status not in OPEN_STATUSES:
        return replace(alert, next_due_at=None), []
    return _fire(alert, now, "escalated")


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
        updated_at=now,
        history=[*alert.history, change],
    )
    return replace(answered, next_due_at=next_due(answered))


def _fire(alert: Alert, now: datetime, kind: NotificationKind) -> tuple[Alert, list[Notification]]:
    told: list[Notification] = []
    history = list(alert.history)
    steps, alarms = [], []
    waiting = alert.status == "open" and not (alert.muted_until and alert.muted_until > now)
    for step in alert.steps:
        if step.fired_at is None and step.due_at <= now and (waiting or step.always):
            # The first step of a raise tells that it was raised; later ones escalate.
            # Who stands in two steps of the same raise is told once.
            already = {n.recipient for n in told if kind != "escalated"}
            people = [p for p in step.recipients if p not in already]
            told += notifications(alert, kind, step.number, people, now)
            note = f"step {step.number} {step.role}: {', '.join(step.recipients)}"
            history.append(Change(at=now, actor="system", action="told", note=note))
            step = replace(step, fired_at=now)
        steps.append(step)
    everybody = list(dict.fromkeys(p for s in steps if s.fired_at for p in s.recipients))
    for clock in alert.clocks:
        if clock.met_at is None and clock.lapsed_at is None:
            if clock.due_at <= now:
                told += notifications(alert, "clock_lapsed", 0, everybody, now, clock)
                history.append(Change(at=now, actor="system", action="lapsed", note=clock.kind))
                clock = replace(clock, lapsed_at=now)
            elif clock.warn_at <= now and clock.warned_at is None:
                told += notifications(alert, "clock_warning", 0, everybody, now, clock)
                clock = replace(clock, warned_at=now)
        alarms.append(clock)
    after = replace(alert, steps=steps, clocks=alarms, history=history)
    return replace(after, next_due_at=next_due(after)), told


def next_due(alert: Alert) -> datetime | None:
    """When the alert next needs the timer; None: never."""
    mute = alert.muted_until
    times = [
        s.due_at if mute is None or s.always else max(s.due_at, mute)
        for s in alert.steps
        if s.fired_at is None and (alert.status == "open" or s.always)
    ]
    for clock in alert.clocks:
        if clock.met_at is None and clock.lapsed_at is None:
            times.append(clock.due_at if clock.warned_at else clock.warn_at)
    return min(times, default=None)
