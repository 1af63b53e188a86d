"""Documents, events and alerts for benchmarks.search, into Elasticsearch."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from itertools import islice

from elasticsearch import AsyncElasticsearch
from rich.progress import track

from benchmarks.search_documents import Pool, opinions
from infra import indices
from infra.settings import Settings
from schemas.alert import Alert
from schemas.base import encode
from schemas.event import Event
from schemas.registry import ALERTS, EVENTS, OPINIONS, TRENDS
from schemas.trend import Trend

BATCH = 2_000


async def load(client: AsyncElasticsearch, config: Settings, found: Pool, count: int) -> None:
    await indices.install(client, config)
    now, batch = datetime.now(UTC), []
    made = opinions(found, count, now)
    pending: set[asyncio.Task[object]] = set()
    for _ in track(range(-(-count // BATCH)), description="documents", console=None):
        batch = []
        for each in islice(made, BATCH):
            name = indices.write_name(config, OPINIONS, each.published_at)
            batch += [json.dumps({"create": {"_index": name, "_id": each.id}}).encode(),
                      encode(each)]  # fmt: skip
        if len(pending) >= 2:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        pending.add(asyncio.ensure_future(client.bulk(operations=batch)))  # type: ignore[arg-type]
    await asyncio.gather(*pending)
    await matters(client, config, found, now)
    await client.indices.refresh(index=f"{config.prefix}*")


async def matters(client: AsyncElasticsearch, config: Settings, found: Pool, now: datetime) -> None:
    """Two thousand events with their trends, two hundred open alerts."""
    lines: list[bytes] = []

    def put(name: str, record: Event | Trend | Alert) -> None:
        lines.extend([json.dumps({"index": {"_index": name, "_id": record.id}}).encode(),
                      encode(record)])  # fmt: skip

    for number, (title, words) in enumerate(found.headlines[:2_000]):
        key = f"{number:032x}"
        put(config.prefix + EVENTS.alias, Event(
            id=key, title=title, words=words, keywords=words.split()[:6], items=number % 300 + 2,
            first_at=now, last_at=now, updated_at=now))  # fmt: skip
        put(config.prefix + TRENDS.alias, Trend(
            id=key, title=title, at=now, last_at=now, items=number % 300 + 2,
            heat=float(number % 90)))  # fmt: skip
        if number < 200:
            put(config.prefix + ALERTS.alias, Alert(
                id=key, matter_id=key, title=title, level=("I", "II", "III", "IV")[number % 4],
                opened_at=now, updated_at=now, next_due_at=now))  # fmt: skip
    await client.bulk(operations=lines)  # type: ignore[arg-type]
