"""The buttons of an alert: which a person may press when, and what each does."""

from __future__ import annotations

from datetime import datetime, timedelta

from response.alert import acknowledge
from response.life import move, mute
from schemas.alert import OPEN_STATUSES, Alert, Status

ACTIONS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "acknowledge": ("确认收到，由我负责", ("open",)),
    "handle": ("开始处置", ("open", "acknowledged")),
    "resolve": ("已平息", OPEN_STATUSES),
    "mute": ("静默", OPEN_STATUSES),
    "close": ("关闭", ("resolved",)),
    "reopen": ("重新打开", ("resolved", "closed")),
}
_TO: dict[str, Status] = {
    "handle": "handling", "resolve": "resolved", "close": "closed", "reopen": "open",
}  # fmt: skip


def buttons(status: Status) -> dict[str, str]:
    """action -> what the button says."""
    return {name: label for name, (label, when) in ACTIONS.items() if status in when}


def apply(action: str, alert: Alert, actor: str, note: str, hours: int, now: datetime) -> Alert:
    if action == "acknowledge":
        return acknowledge(alert, actor, note, now)
    if action == "mute":
        return mute(alert, now + timedelta(hours=hours), actor, note, now)
    return move(alert, _TO[action], actor, note, now)
