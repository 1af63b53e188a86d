"""Alert, Notification and Delivery: who is told what, until somebody answers."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import field

from schemas.analysis import Level, Reason
from schemas.base import Count, Record, Stored, Text, Time
from schemas.event import Sample
from schemas.report import ClockKind, Report

Status = Literal["open", "acknowledged", "handling", "resolved", "closed", "merged"]
OPEN_STATUSES: tuple[Status, ...] = ("open", "acknowledged", "handling")
NotificationKind = Literal[
    "raised", "level_up", "escalated", "forgotten", "repeated", "clock_warning", "clock_lapsed",
    "update", "ask_update", "final", "merged", "assigned", "digest", "operator",
]  # fmt: skip


class Step(Record, kw_only=True):
    """One step of the chain, frozen when the alert was raised or its level rose."""

    number: int
    role: str
    recipients: list[str]  # contact ids
    due_at: Time
    fired_at: Time | None = None
    always: bool = False  # fires at its time even when somebody has answered
    reason: Stored = ""  # why these people: roster, shift, stand-in
    notifications: list[str] = field(default_factory=list)  # ids of what was told; audited


class Timing(Record, kw_only=True):
    """How often an alert is told, in seconds, frozen with the chain; 0: never."""

    group_interval: Count = 300  # between updates on a real change
    repeat_interval: Count = 0  # while unanswered after the last step
    forgotten_after: Count = 0  # answered, without progress: the chain goes on
    report_interval: Count = 0  # between updates when nothing changed
    ask_interval: Count = 0  # between asking the department for news


class Matter(Record, kw_only=True):
    """A matter of the alert: its own, and those merged into it."""

    id: str
    items: Count = 0
    score: float = 0.0


class Tell(Record, kw_only=True):
    """Something to be told by the timer: what a person's step or a change leaves behind."""

    kind: NotificationKind
    due_at: Time
    recipients: list[str]
    note: Text = ""


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
    timing: Timing = field(default_factory=Timing)
    assignee: str | None = None
    progress_at: Time | None = None  # when a person last did something
    told_at: Time | None = None  # when the last step, repeat or update was told
    asked_at: Time | None = None  # when the department was last asked for news
    merged_into: str | None = None  # alert id
    matters: list[Matter] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    first_at: Time | None = None  # of the event
    phase: str = ""
    tells: list[Tell] = field(default_factory=list)
    report: Report | None = None  # the last one
    steps: list[Step] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    history: list[Change] = field(default_factory=list)


class ChannelHealth(Record, kw_only=True):
    """Whether an address answers (index `channels`): after failures in a row it is left alone."""

    schema: int = 1
    id: str
    channel: str
    recipient: str
    failures: Count = 0  # in a row
    dead_since: Time | None = None
    probe_at: Time | None = None  # when it is tried again
    error: Text = ""
    updated_at: Time


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
    facts: Report | None = None  # what templates are filled from; None: only the body
    note: Text = ""


class Delivery(Record, kw_only=True):
    """What was sent to whom on which channel, and what came back (index `deliveries`)."""

    schema: int = 1
    id: str
    notification_id: str
    alert_id: str
    kind: NotificationKind
    recipient: str
    channel: str  # inbox, webhook, mailto, wecombot, …
    address: str = ""  # which of the recipient's channels
    status: Literal["delivered", "failed", "retrying", "held"]
    attempts: Count = 0
    next_at: Time | None = None  # retrying: the next attempt; held: when it is let go
    digest: str | None = None  # the digest that carried it
    message: Stored = ""  # the notification as JSON, until it is settled
    sent_at: Time
    subject: Text = ""
    body: Text = ""
    error: Text = ""


decode_alert = msgspec.json.Decoder(Alert).decode
decode_notification = msgspec.json.Decoder(Notification).decode
