"""What people do with an alert: handle, resolve, close, open again, mute. Pure.

Each gives the alert changed, with a line in its history, or the alert itself when
the step makes no sense from where it stands.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from response.alert import next_due
from schemas.alert import OPEN_STATUSES, Alert, Change, Status

_FROM: dict[Status, tuple[Status, ...]] = {
    "handling": ("open", "acknowledged"),
    "resolved": OPEN_STATUSES,
    "closed": (*OPEN_STATUSES, "resolved"),
    "open": ("resolved", "closed"),
}


def move(alert: Alert, to: Status, actor: str, note: str, now: datetime) -> Alert:
    """To `handling`, `resolved`, `closed`, or again to `open`, whose due steps then fire."""
    if alert.status not in _FROM.get(to, ()):
        return alert
    action = "reopened" if to == "open" else to
    after = replace(
        alert,
        status=to,
        updated_at=now,
        closed_at=now if to in ("resolved", "closed") else None,
        muted_until=None,
        history=[*alert.history, Change(at=now, actor=actor, action=action, note=note)],
    )
    return replace(after, next_due_at=next_due(after) if to in OPEN_STATUSES else None)


def mute(alert: Alert, until: datetime, actor: str, reason: str, now: datetime) -> Alert:
    """No step of the chain fires before `until`, but for those that fire always.

    Statutory clocks go on. A higher level wakes it (the alert is raised again), and at
    the end whatever is due by then fires.
    """
    if alert.status not in OPEN_STATUSES or until <= now or not reason.strip():
        return alert
    after = replace(
        alert,
        muted_until=until,
        updated_at=now,
        history=[
            *alert.history,
            Change(at=now, actor=actor, action="muted", note=f"{until.isoformat()} {reason}"),
        ],
    )
    return replace(after, next_due_at=next_due(after))
