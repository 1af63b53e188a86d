"""AuditRun: what one audit found (index `audits`)."""

from __future__ import annotations

from msgspec import field

from schemas.base import Count, Record, Time


class AuditRun(Record, kw_only=True):
    schema: int = 1
    at: Time
    since: Time
    items: Count = 0
    documents: Count = 0
    duplicates: Count = 0
    dead_letters: Count = 0
    waiting: Count = 0
    missing: Count = 0
    examples: list[str] = field(default_factory=list)  # ids of missing items
