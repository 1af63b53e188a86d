"""All messages and documents by name, with their JSON Schema and indices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from schemas.alert import Alert, ChannelHealth, Delivery, Lease, Notification
from schemas.analysis import Analysis
from schemas.audit import AuditRun
from schemas.correction import Correction
from schemas.dead_letter import DeadLetter
from schemas.errors import UserError
from schemas.event import Event, Signal
from schemas.opinion import EventDecision, Opinion, OpinionBatch
from schemas.raw_item import RawItem
from schemas.report import Report
from schemas.rule_state import RuleState
from schemas.saved_search import SavedSearch
from schemas.source_health import SourceHealth
from schemas.trend import Hotspot, Trend
from schemas.user import ApiKey, AuditEntry, Session, User
from schemas.watch import WatchTopic

RECORDS: dict[str, type[msgspec.Struct]] = {
    record.__name__: record
    for record in (
        RawItem, Analysis, Opinion, OpinionBatch, Event, Signal, Alert, Notification, Delivery,
        DeadLetter, SourceHealth, Report, Trend, Hotspot, EventDecision, Correction,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Index:
    """An index, or an alias over monthly ones (`opinions-2026.11`)."""

    alias: str
    record: type[msgspec.Struct]
    monthly: bool = False


OPINIONS = Index("opinions", Opinion, monthly=True)
EVENTS = Index("events", Event)
ALERTS = Index("alerts", Alert)
DELIVERIES = Index("deliveries", Delivery, monthly=True)
DEAD_LETTERS = Index("dead-letters", DeadLetter, monthly=True)
LEASES = Index("leases", Lease)
CHANNELS = Index("channels", ChannelHealth)
REPORTS = Index("reports", Report)
SOURCE_HEALTH = Index("source-health", SourceHealth)
TRENDS = Index("trends", Trend)
HOTSPOTS = Index("hotspots", Hotspot, monthly=True)
AUDITS = Index("audits", AuditRun, monthly=True)
WATCHES = Index("watches", WatchTopic)
RULE_STATES = Index("rule-states", RuleState)
USERS = Index("users", User)
SESSIONS = Index("sessions", Session)
API_KEYS = Index("api-keys", ApiKey)
AUDIT_LOG = Index("audit-log", AuditEntry, monthly=True)
CORRECTIONS = Index("corrections", Correction)
SAVED_SEARCHES = Index("saved-searches", SavedSearch)
INDICES: tuple[Index, ...] = (
    OPINIONS, EVENTS, ALERTS, DELIVERIES, DEAD_LETTERS, LEASES, CHANNELS, REPORTS,
    SOURCE_HEALTH, AUDITS, WATCHES, RULE_STATES, TRENDS, HOTSPOTS,
    USERS, SESSIONS, API_KEYS, AUDIT_LOG, CORRECTIONS, SAVED_SEARCHES,
)  # fmt: skip


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of the record `name`; UserError when there is none."""
    record = RECORDS.get(name)
    if record is None:
        raise UserError(f"no schema named {name!r}", f"choose one of {', '.join(RECORDS)}")
    schema = msgspec.json.schema(record)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **schema}
