"""What the API lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from console.actor import Right
from console.api.parameters import PAGED, Takes, choices
from console.event_listing import ORDERS
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
    terms: Mapping[str, str] = field(default_factory=dict)  # parameter -> field it narrows by
    more: Takes = field(default_factory=dict)  # parameters with a meaning of their own

    @property
    def takes(self) -> Takes:
        fields = {name: choices(self.index.record, path) for name, path in self.terms.items()}
        return {**PAGED, "since": (), "until": (), **fields, **self.more}


RESOURCES: dict[str, Resource] = {
    "opinions": Resource(
        OPINIONS, "published_at", departments="departments.id", more={"q": ()},
        terms={"channel": "channel", "source": "source", "topic": "topics.label",
               "level": "severity.level", "attitude": "attitude.label", "cluster": "cluster_id"},
    ),
    "events": Resource(
        EVENTS, "last_at", departments="departments",
        terms={"level": "level", "phase": "phase", "topic": "topics", "department": "departments"},
        more={"q": (), "several": ("1",), "sort": tuple(ORDERS)},
    ),
    "alerts": Resource(
        ALERTS, "opened_at", departments="departments", more={"q": (), "mine": ("1",)},
        terms={"status": "status", "level": "level", "department": "departments",
               "matter": "matter_id"},
    ),
    "sources": Resource(SOURCE_HEALTH, "updated_at", key="source", terms={"status": "status"}),
    "watches": Resource(WATCHES, "added_at"),
    "corrections": Resource(
        CORRECTIONS, "at", whole=True,
        terms={"field": "field", "actor": "actor", "item": "item_id"},
    ),
    # Of sources, topics and words of the whole body: not one department's.
    "hotspots": Resource(HOTSPOTS, "at", whole=True, terms={"kind": "kind", "key": "key"}),
    # Of the departments of their alerts.
    "deliveries": Resource(
        DELIVERIES, "sent_at",
        terms={"recipient": "recipient", "channel": "channel", "status": "status",
               "alert": "alert_id"},
    ),
    "dead-letters": Resource(
        DEAD_LETTERS, "failed_at", right="dead_letters", more={"waiting": ("1",)},
        terms={"reason": "reason", "stage": "stage", "source": "source"},
    ),
    "audit-log": Resource(
        AUDIT_LOG, "at", right="audit",
        terms={name: name for name in ("actor", "action", "outcome", "object")},
    ),
}  # fmt: skip
