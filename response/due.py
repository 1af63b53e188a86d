"""When an alert next needs the timer, each thing for itself. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from response.report import changed
from schemas.alert import OPEN_STATUSES, Alert

ANSWERED = ("acknowledged", "handling")


def everybody(alert: Alert) -> list[str]:
    """All who were told by a step, and who has it in hand."""
    told = [p for s in alert.steps if s.fired_at for p in s.recipients]
    return list(dict.fromkeys([*told, *([alert.assignee] if alert.assignee else [])]))


def muted(alert: Alert, now: datetime) -> bool:
    return alert.muted_until is not None and alert.muted_until > now


def _unmuted(alert: Alert, due: datetime) -> datetime:
    return max(due, alert.muted_until) if alert.muted_until else due


def _after(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def forgotten_due(alert: Alert) -> datetime | None:
    wait = alert.timing.forgotten_after
    since = alert.progress_at or alert.acknowledged_at
    if alert.status not in ANSWERED or not wait or since is None:
        return None
    return _unmuted(alert, since + _after(wait)) if alert.steps else None


def repeat_due(alert: Alert) -> datetime | None:
    """While unanswered and the chain is at its end."""
    wait = alert.timing.repeat_interval
    if alert.status != "open" or not wait or alert.told_at is None:
        return None
    if any(s.fired_at is None for s in alert.steps):
        return None
    return _unmuted(alert, alert.told_at + _after(wait))


def update_due(alert: Alert) -> datetime | None:
    """On a real change after group_interval, else after report_interval."""
    if alert.report is None or alert.told_at is None:
        return None
    timing = alert.timing
    wait = timing.group_interval if changed(alert) else timing.report_interval
    if not wait and not changed(alert):
        return None
    return _unmuted(alert, alert.report.at + _after(wait))


def ask_due(alert: Alert) -> datetime | None:
    """Somebody has it in hand: how is it going?"""
    wait = alert.timing.ask_interval
    since = [t for t in (alert.progress_at, alert.asked_at) if t]
    if alert.status not in ANSWERED or not wait or not since:
        return None
    return _unmuted(alert, max(since) + _after(wait))


def next_due(alert: Alert) -> datetime | None:
    """When the alert next needs the timer; None: never."""
    times: list[datetime | None] = [tell.due_at for tell in alert.tells]
    if alert.status in OPEN_STATUSES:
        times += [
            s.due_at if s.always else _unmuted(alert, s.due_at)
            for s in alert.steps
            if s.fired_at is None and (alert.status == "open" or s.always)
        ]
        times += [
            clock.due_at if clock.warned_at else clock.warn_at
            for clock in alert.clocks
            if clock.met_at is None and clock.lapsed_at is None
        ]
        times += [due(alert) for due in (forgotten_due, repeat_due, update_due, ask_due)]
    return min((time for time in times if time), default=None)
