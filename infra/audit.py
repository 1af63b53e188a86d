"""The completeness audit: per hour and source, what was taken in and what became of it (I4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch

from infra import metrics
from infra.ledger import Entry, ledger
from infra.settings import Settings
from infra.stack import Endpoints


@dataclass
class Row:
    """items = documents + duplicates + dead letters + waiting + missing."""

    hour: str
    source: str
    items: int = 0
    documents: int = 0
    duplicates: int = 0
    dead_letters: int = 0
    waiting: int = 0  # their offset is not committed yet
    missing: list[str] = field(default_factory=list)  # committed, and nowhere to be found


def add(rows: dict[tuple[str, str], Row], entry: Entry) -> None:
    hour = f"{datetime.fromtimestamp(entry.at, UTC):%Y-%m-%dT%H:00Z}"
    row = rows.setdefault((hour, entry.source), Row(hour, entry.source))
    row.items += 1
    match entry.outcome:
        case "document":
            row.documents += 1
        case "duplicate":
            row.duplicates += 1
        case "dead_letter":
            row.dead_letters += 1
        case "waiting":
            row.waiting += 1
        case "missing":
            row.missing.append(entry.id)


async def table(entries: AsyncIterator[Entry]) -> list[Row]:
    rows: dict[tuple[str, str], Row] = {}
    async for entry in entries:
        add(rows, entry)
    return [rows[key] for key in sorted(rows)]


async def audit(
    settings: Settings, endpoints: Endpoints, client: AsyncElasticsearch, since: datetime
) -> list[Row]:
    """Rows by hour and source of what was sent to items.raw since `since`."""
    return await table(ledger(settings, endpoints, client, since))


def publish(rows: list[Row]) -> int:
    """Put the result into the metrics; how many are missing."""
    missing = sum(len(row.missing) for row in rows)
    metrics.AUDIT_MISSING.set(missing)
    metrics.AUDIT_ITEMS.set(sum(row.items for row in rows))
    metrics.AUDIT_AT.set_to_current_time()
    return missing
