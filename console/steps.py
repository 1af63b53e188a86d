"""The buttons of an alert: which a person may press when, and what each does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from response.alert import acknowledge
from response.life import assign, comment, met, move, mute
from response.message import CLOCK_NAMES
from schemas.alert import OPEN_STATUSES, Alert, Status
from schemas.report import ClockKind

EVER: tuple[Status, ...] = (*OPEN_STATUSES, "resolved", "closed", "merged")
ACTIONS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "acknowledge": ("确认收到，由我负责", ("open",)),
    "handle": ("开始处置", ("open", "acknowledged")),
    "comment": ("写意见", EVER),
    "assign": ("交办", OPEN_STATUSES),
    "met": ("已完成", (*OPEN_STATUSES, "resolved", "closed")),
    "resolve": ("已平息", OPEN_STATUSES),
    "mute": ("静默", OPEN_STATUSES),
    "merge": ("并入本预警", OPEN_STATUSES),
    "close": ("关闭", ("resolved",)),
    "reopen": ("重新打开", ("resolved", "closed")),
}
NEEDS_NOTE = {"mute": "静默要写明理由。", "comment": "请在说明里写意见。"}
# What is said after it is done to several, before how many they were.
DONE = {
    "acknowledge": "已确认收到", "handle": "已开始处置", "comment": "已写意见", "assign": "已交办",
    "mute": "已静默", "resolve": "已记为平息", "merge": "已并案",
}  # fmt: skip
_TO: dict[str, Status] = {
    "handle": "handling", "resolve": "resolved", "close": "closed", "reopen": "open",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the form held."""

    actor: str
    note: str
    hours: int = 24
    person: str = ""
    clock: str = ""


def buttons(status: Status) -> dict[str, str]:
    """action -> what the button says."""
    return {name: label for name, (label, when) in ACTIONS.items() if status in when}


def apply(action: str, alert: Alert, asked: Asked, now: datetime) -> Alert:
    match action:
        case "acknowledge":
            return acknowledge(alert, asked.actor, asked.note, now)
        case "mute":
            until = now + timedelta(hours=asked.hours)
            return mute(alert, until, asked.actor, asked.note, now)
        case "assign":
            return assign(alert, asked.person, asked.actor, asked.note, now)
        case "met":
            kind = next((k for k in CLOCK_NAMES if k == asked.clock), None)
            return met(alert, cast(ClockKind, kind), asked.actor, asked.note, now)
        case "comment":
            return comment(alert, asked.actor, asked.note, now)
        case _:
            return move(alert, _TO[action], asked.actor, asked.note, now)
