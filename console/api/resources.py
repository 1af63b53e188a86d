"""What the API lists."""

from __future__ import annotations

from dataclasses import dataclass

from console.actor import Right
from schemas.registry import (
    ALERTS,
    AUDIT_LOG,
    CORRECTIONS,
    DEAD_LETTERS,
    DELIVERIES,
    EVENTS,
    HOTSPOTS,
    OPINIONS,
    SOURCE_HEALTH,
    WATCHES,
    Index,
)

ROOT = "/api/v1"
HIDDEN = ("words", "models")  # fields for machines


@dataclass(frozen=True)
class Resource:
    index: Index
    sort: str  # a time: the latest first
    key: str = "id"
    departments: str = ""  # the field that says whose it is; "": of no department
    right: Right = "read"
    whole: bool = False  # only for accounts that see all departments


RESOURCES: dict[str, Resource] = {
    "opinions": Resource(OPINIONS, "published_at", departments="departments.id"),
    "events": Resource(EVENTS, "last_at", departments="departments"),
    "alerts": Resource(ALERTS, "opened_at", departments="departments"),
    "sources": Resource(SOURCE_HEALTH, "updated_at", key="source"),
    "watches": Resource(WATCHES, "added_at"),
    "corrections": Resource(CORRECTIONS, "at", whole=True),
    # Of sources, topics and words of the whole body: not one department's.
    "hotspots": Resource(HOTSPOTS, "at", whole=True),
    "deliveries": Resource(DELIVERIES, "sent_at", whole=True),
    "dead-letters": Resource(DEAD_LETTERS, "failed_at", right="dead_letters"),
    "audit-log": Resource(AUDIT_LOG, "at", right="audit"),
}
