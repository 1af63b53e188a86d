"""What the timer does to an alert: whatever is due by now is told, each once. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from msgspec.structs import replace

from response import report
from response.due import (
    ask_due,
    everybody,
    forgotten_due,
    muted,
    next_due,
    repeat_due,
    update_due,
)
from response.labels import ROLES
from response.message import CLOCK_NAMES, notifications
from schemas.alert import OPEN_STATUSES, Alert, Change, Notification, NotificationKind, Step

Told = list[Notification]


def advance(alert: Alert, now: datetime) -> tuple[Alert, Told]:
    """Tell what is due by `now`; ids are deterministic, so a repeat tells nobody twice."""
    told: Told = []
    alert = _tells(alert, now, told)
    if alert.status in OPEN_STATUSES:
        for part in (_forgotten, _steps, _clocks, _repeat, _update, _ask):
            alert = part(alert, now, told)
    return replace(alert, next_due_at=next_due(alert)), told


def _noted(alert: Alert, now: datetime, action: str, note: str) -> list[Change]:
    return [*alert.history, Change(at=now, actor="system", action=action, note=note)]


def _tells(alert: Alert, now: datetime, told: Told) -> Alert:
    """What people's steps left to be told; a final report is made here."""
    for tell in [t for t in alert.tells if t.due_at <= now]:
        if tell.kind == "final":
            alert = replace(alert, report=report.make(alert, "final", now))
        told += notifications(
            alert, tell.kind, 0, tell.recipients, now, mark=str(tell.due_at), note=tell.note
        )
        alert = replace(alert, tells=[t for t in alert.tells if t is not tell])
    return alert


def _steps(alert: Alert, now: datetime, told: Told) -> Alert:
    steps = []
    for step in alert.steps:
        ready = alert.status == "open" and not muted(alert, now)
        if step.fired_at is None and step.due_at <= now and (ready or step.always):
            raising = step.due_at == alert.steps[0].due_at
            kind = _raise_kind(alert) if raising else cast(NotificationKind, "escalated")
            alert, step = fire(alert, step, kind, now, told)
        steps.append(step)
    return replace(alert, steps=steps)


def fire(
    alert: Alert, step: Step, kind: NotificationKind, now: datetime, told: Told
) -> tuple[Alert, Step]:
    # The first steps of a raise tell that it was raised; later ones escalate.
    # Who stands in two steps of the same raise is told once.
    already = {n.recipient for n in told if n.kind == kind and kind in ("raised", "level_up")}
    people = [p for p in step.recipients if p not in already]
    new = notifications(alert, kind, step.number, people, now)
    told += new
    role = ROLES.get(step.role, step.role)
    note = f"第 {step.number} 步 {role}：{'、'.join(step.recipients)}"
    alert = replace(alert, history=_noted(alert, now, "told", note), told_at=now)
    return alert, replace(step, fired_at=now, notifications=[n.id for n in new])


def _raise_kind(alert: Alert) -> NotificationKind:
    kinds = ("raised", "level_up")
    found = (c.action for c in reversed(alert.history) if c.action in kinds)
    return cast(NotificationKind, next(found, "raised"))


def _clocks(alert: Alert, now: datetime, told: Told) -> Alert:
    people, alarms = everybody(alert), []
    for clock in alert.clocks:
        if clock.met_at is None and clock.lapsed_at is None:
            if clock.due_at <= now:
                told += notifications(alert, "clock_lapsed", 0, people, now, clock)
                history = _noted(alert, now, "lapsed", CLOCK_NAMES[clock.kind])
                alert = replace(alert, history=history)
                clock = replace(clock, lapsed_at=now)
            elif clock.warn_at <= now and clock.warned_at is None:
                told += notifications(alert, "clock_warning", 0, people, now, clock)
                clock = replace(clock, warned_at=now)
        alarms.append(clock)
    return replace(alert, clocks=alarms)


def _forgotten(alert: Alert, now: datetime, told: Told) -> Alert:
    """Answered, and nothing since: it is open again, and the step above is told at once."""
    due = forgotten_due(alert)
    if due is None or due > now:
        return alert
    since = alert.progress_at or alert.acknowledged_at or alert.opened_at
    hours = (now - since).total_seconds() / 3600
    note = f"{alert.acknowledged_by or ''} 应答后 {hours:.1f} 小时没有进展"
    history = _noted(alert, now, "forgotten", note.strip())
    rest = [s for s in alert.steps if s.fired_at is None]
    done = [s for s in alert.steps if s.fired_at is not None]
    if rest:
        shift = now - rest[0].due_at
        rest = [replace(s, due_at=s.due_at + shift) for s in rest]
    else:
        last = done[-1]
        rest = [replace(last, number=last.number + 1, due_at=now, fired_at=None, notifications=[])]
    alert = replace(alert, status="open", acknowledged_at=None, progress_at=None, history=history)
    alert, above = fire(alert, rest[0], "forgotten", now, told)
    return replace(alert, steps=[*done, above, *rest[1:]])


def _repeat(alert: Alert, now: datetime, told: Told) -> Alert:
    due = repeat_due(alert)
    if due is None or due > now:
        return alert
    told += notifications(alert, "repeated", 0, everybody(alert), now, mark=str(alert.told_at))
    return replace(alert, told_at=now, history=_noted(alert, now, "repeated", ""))


def _update(alert: Alert, now: datetime, told: Told) -> Alert:
    due = update_due(alert)
    if due is None or due > now:
        return alert
    made = report.make(alert, "update", now)
    alert = replace(alert, report=made, history=_noted(alert, now, "update", str(made.number)))
    told += notifications(alert, "update", 0, everybody(alert), now, mark=str(made.number))
    return alert


def _ask(alert: Alert, now: datetime, told: Told) -> Alert:
    due = ask_due(alert)
    if due is None or due > now:
        return alert
    heads = [p for s in alert.steps if s.role == "department_head" for p in s.recipients]
    people = list(dict.fromkeys(heads)) or everybody(alert)
    told += notifications(alert, "ask_update", 0, people, now, mark=str(due))
    return replace(alert, asked_at=now, history=_noted(alert, now, "asked", ", ".join(people)))


__all__ = ["advance", "everybody", "next_due"]
