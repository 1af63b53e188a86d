"""What people do with an alert: handle, resolve, close, open again, mute, assign, comment, and
say that a statutory deadline is met. Pure.

Each gives the alert changed, with a line in its history, or the alert itself when
the step makes no sense from where it stands. What others must hear of it is left
in `tells` for the timer.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from response.due import everybody, next_due
from response.durations import CHINA
from response.message import CLOCK_NAMES
from schemas.alert import OPEN_STATUSES, Alert, Change, Status, Tell
from schemas.report import ClockKind

_FROM: dict[Status, tuple[Status, ...]] = {
    "handling": ("open", "acknowledged"),
    "resolved": OPEN_STATUSES,
    "closed": (*OPEN_STATUSES, "resolved"),
    "open": ("resolved", "closed"),
}
OVER = ("resolved", "closed")


def move(alert: Alert, to: Status, actor: str, note: str, now: datetime) -> Alert:
    """To `handling`, `resolved`, `closed`, or again to `open`, whose due steps then fire.

    The end is told to all who were told before, with a final report, once.
    """
    if alert.status not in _FROM.get(to, ()):
        return alert
    tells = [tell for tell in alert.tells if to != "open" or tell.kind != "final"]
    if to in OVER and alert.status in OPEN_STATUSES and (people := everybody(alert)):
        tells.append(Tell(kind="final", due_at=now, recipients=people, note=note))
    after = replace(
        alert,
        status=to,
        updated_at=now,
        progress_at=now if to == "handling" else alert.progress_at,
        closed_at=now if to in OVER else None,
        muted_until=None,
        tells=tells,
        history=_noted(alert, now, actor, "reopened" if to == "open" else to, note),
    )
    return replace(after, next_due_at=next_due(after))


def mute(alert: Alert, until: datetime, actor: str, reason: str, now: datetime) -> Alert:
    """No step of the chain fires before `until`, but for those that fire always.

    Statutory clocks go on. A higher level wakes it (the alert is raised again), and at
    the end whatever is due by then fires.
    """
    if alert.status not in OPEN_STATUSES or until <= now or not reason.strip():
        return alert
    local = until.astimezone(CHINA).strftime("%m-%d %H:%M")
    after = replace(
        alert,
        muted_until=until,
        updated_at=now,
        history=_noted(alert, now, actor, "muted", f"{local} {reason}"),
    )
    return replace(after, next_due_at=next_due(after))


def assign(alert: Alert, person: str, actor: str, note: str, now: datetime) -> Alert:
    """`person` (contact id) has it in hand, and is told so. It answers no open alert."""
    if alert.status not in OPEN_STATUSES or not person.strip() or alert.assignee == person:
        return alert
    after = replace(
        alert,
        assignee=person,
        progress_at=now,
        updated_at=now,
        tells=[*alert.tells, Tell(kind="assigned", due_at=now, recipients=[person], note=note)],
        history=_noted(alert, now, actor, "assigned", f"{person} {note}".strip()),
    )
    return replace(after, next_due_at=next_due(after))


def comment(alert: Alert, actor: str, text: str, now: datetime) -> Alert:
    """A line in the history, at any time; it counts as progress."""
    if not text.strip():
        return alert
    after = replace(
        alert,
        progress_at=now,
        updated_at=now,
        history=_noted(alert, now, actor, "commented", text.strip()),
    )
    return replace(after, next_due_at=next_due(after))


def met(alert: Alert, kind: ClockKind, actor: str, note: str, now: datetime) -> Alert:
    """What the statutory clock `kind` asks for is done: it warns and lapses no more.

    Late is possible too (it lapsed all the same); of a merged alert the other one has the clocks.
    """
    found = [c for c in alert.clocks if c.kind == kind and c.met_at is None]
    if not found or alert.status == "merged":
        return alert
    after = replace(
        alert,
        clocks=[replace(c, met_at=now) if c in found else c for c in alert.clocks],
        progress_at=now,
        updated_at=now,
        history=_noted(alert, now, actor, "met", f"{CLOCK_NAMES[kind]} {note}".strip()),
    )
    return replace(after, next_due_at=next_due(after))


def _noted(alert: Alert, now: datetime, actor: str, action: str, note: str) -> list[Change]:
    return [*alert.history, Change(at=now, actor=actor, action=action, note=note)]
