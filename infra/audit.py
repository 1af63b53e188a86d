"""The completeness audit: per hour and source, what was taken in and what became of it (I4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch

from infra import metrics
from infra.indices import write_name
from infra.ledger import Entry, ledger
from infra.settings import Settings
from infra.stack import Endpoints
from infra.tally import Tally
from schemas.audit import AuditRun
from schemas.base import encode
from schemas.registry import AUDITS


@dataclass
class Row(Tally):
    hour: str = ""
    source: str = ""


def add(rows: dict[tuple[str, str], Row], entry: Entry) -> None:
    hour = f"{datetime.fromtimestamp(entry.at, UTC):%Y-%m-%dT%H:00Z}"
    row = rows.setdefault((hour, entry.source), Row(hour=hour, source=entry.source))
    row.add(entry)


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


def total(rows: list[Row], since: datetime, at: datetime) -> AuditRun:
    missing = [key for row in rows for key in row.missing]
    return AuditRun(
        at=at,
        since=since,
        items=sum(row.items for row in rows),
        documents=sum(row.documents for row in rows),
        duplicates=sum(row.duplicates for row in rows),
        dead_letters=sum(row.dead_letters for row in rows),
        waiting=sum(len(row.waiting) for row in rows),
        missing=len(missing),
        examples=missing[:20],
    )


def publish(run: AuditRun) -> None:
    """Put the result into the metrics."""
    metrics.AUDIT_MISSING.set(run.missing)
    metrics.AUDIT_ITEMS.set(run.items)
    metrics.AUDIT_AT.set_to_current_time()


async def keep(settings: Settings, client: AsyncElasticsearch, run: AuditRun) -> None:
    """On record, for `tingchao status` and the console."""
    index = write_name(settings, AUDITS, run.at)
    await client.index(index=index, document=encode(run))  # type: ignore[arg-type]  # encoded
