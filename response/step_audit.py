"""Did every step of every open alert that was due run, and was it delivered? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from response.due import muted
from schemas.alert import OPEN_STATUSES, Alert


@dataclass(frozen=True, slots=True)
class Finding:
    alert_id: str
    title: str
    what: str  # step 2, clock information, timer
    why: str

    @property
    def key(self) -> str:
        return f"{self.alert_id} {self.what} {self.why}"


def unfired(alert: Alert, now: datetime, grace: timedelta) -> list[Finding]:
    """Steps and clocks that were due longer than `grace` ago and did not run."""
    if alert.status not in OPEN_STATUSES:
        return []
    late = now - grace
    found = []
    for step in alert.steps:
        waits = alert.status == "open" and not muted(alert, now)
        since = step.due_at
        if alert.muted_until and not step.always:
            since = max(since, alert.muted_until)
        if step.fired_at is None and since <= late and (waits or step.always):
            found.append(Finding(alert.id, alert.title, f"step {step.number}", "not fired"))
    for clock in alert.clocks:
        open_ = clock.met_at is None and clock.lapsed_at is None
        if open_ and clock.due_at <= late:
            found.append(Finding(alert.id, alert.title, f"clock {clock.kind}", "not lapsed"))
    due = alert.next_due_at
    if not found and due is not None and due <= late:
        found.append(Finding(alert.id, alert.title, "timer", "something due did not run"))
    return found


def sent(alert: Alert, now: datetime, grace: timedelta) -> dict[str, int]:
    """notification id -> step, of the steps that fired longer than `grace` ago."""
    return {
        key: step.number
        for step in alert.steps
        if step.fired_at is not None and step.fired_at <= now - grace
        for key in step.notifications
    }


def unproven(alert: Alert, expected: dict[str, int], receipts: Iterable[str]) -> list[Finding]:
    """Steps that fired and of which a recipient has no receipt."""
    known = set(receipts)
    missing = sorted({step for key, step in expected.items() if key not in known})
    return [
        Finding(alert.id, alert.title, f"step {number}", "fired, no receipt") for number in missing
    ]
