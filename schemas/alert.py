"""Alert, Notification and Delivery: who is told what, until somebody answers."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import field

from schemas.analysis import Level, Reason
from schemas.base import Count, Record, Stored, Text, Time
from schemas.event import Sample

Status = Literal["open", "acknowledged", "handling", "resolved", "closed"]
OPEN_STATUSES: tuple[Status, ...] = ("open", "acknowledged", "handling")
ClockKind = Literal["information", "press_conference", "response"]
NotificationKind = Literal["raised", "level_up", "escalated", "clock_warning", "clock_lapsed"]


class Step(Record, kw_only=True):
    """One step of the chain, frozen when the alert was raised or its level rose."""

    number: int
    role: str
    recipients: list[str]  # contact ids
    due_at: Time
    fired_at: Time | None = None
    always: bool = False  # fires at its time even when somebody has answered


class Clock(Record, kw_only=True):
    """A statutory deadline: 5 h, 24 h (levels I, II) or 48 h (III, IV)."""

    kind: ClockKind
    due_at: Time
    warn_at: Time
    warned_at: Time | None = None
    met_at: Time | None = None
    lapsed_at: Time | None = None


class Change(Record, kw_only=True):
    """A line of the alert's history: who did what, when, why."""

    at: Time
    actor: str
    action: str
    note: Text = ""


class Alert(Record, kw_only=True):
    schema: int = 1
    id: str
    matter_id: str
    title: Text
    status: Status = "open"
    level: Level
    score: float = 0.0
    opened_at: Time
    updated_at: Time
    acknowledged_at: Time | None = None
    acknowledged_by: str | None = None
    closed_at: Time | None = None
    muted_until: Time | None = None
    next_due_at: Time | None = None  # earliest step or clock that has not fired
    departments: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    items: Count = 0
    reasons: list[Reason] = field(default_factory=list)
    evidence: list[Sample] = field(default_factory=list)  # as it stood when raised
    route: Stored = ""  # which route was taken and why
    steps: list[Step] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    history: list[Change] = field(default_factory=list)


class Lease(Record, kw_only=True):
    """Who may run a timer until when; taken by compare-and-set (index `leases`)."""

    schema: int = 1
    owner: str
    until: Time


class Notification(Record, kw_only=True):
    """Tell `recipient` about an alert (topic `notifications`)."""

    schema: int = 1
    id: str
    alert_id: str
    kind: NotificationKind
    step: int = 0
    recipient: str
    level: Level
    subject: Text
    body: Text
    created_at: Time


class Delivery(Record, kw_only=True):
    """What was sent to whom on which channel, and what came back (index `deliveries`)."""

    schema: int = 1
    id: str
    notification_id: str
    alert_id: str
    kind: NotificationKind
    recipient: str
    channel: str  # inbox, webhook, …
    status: Literal["delivered", "failed"]
    attempts: Count = 0
    sent_at: Time
    subject: Text = ""
    body: Text = ""
    error: Text = ""


decode_alert = msgspec.json.Decoder(Alert).decode
decode_notification = msgspec.json.Decoder(Notification).decode
