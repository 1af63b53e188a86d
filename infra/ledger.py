"""What became of each item taken in: read from Kafka, looked up in Elasticsearch, by id (I4).

An id that was sent twice is one item. A message without a readable id is an item by
its position; it can only be a dead letter. A replayed message stands for the dead
letter it came from: the two are one item.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from elasticsearch import AsyncElasticsearch

from infra.lag import lags
from infra.records import records
from infra.settings import Settings
from infra.stack import Endpoints
from schemas import topics
from schemas.dead_letter import HEADER_PREFIX, REPLAYED_FROM
from schemas.registry import OPINIONS

CHUNK = 5_000  # ids asked of Elasticsearch at once
SKEW = timedelta(hours=1)  # between the clocks of those who send items and dead letters

Outcome = Literal["document", "duplicate", "dead_letter", "waiting", "missing"]


class _Named(msgspec.Struct):
    id: str
    source: str = ""


_decode = msgspec.json.Decoder(_Named).decode


@dataclass(frozen=True, slots=True)
class Entry:
    position: str  # topic/partition/offset
    at: float  # epoch seconds, when it was sent
    id: str
    source: str
    outcome: Outcome
    settled: bool  # whether the offset is committed: then it must have an outcome


async def ledger(
    settings: Settings,
    endpoints: Endpoints,
    client: AsyncElasticsearch,
    since: Mapping[int, int] | datetime | None = None,
) -> AsyncIterator[Entry]:
    """One entry per item on items.raw from `since` on, as of now."""
    committed = {
        lag.partition: lag.committed
        for lag in await lags(settings, endpoints, ["analyse"])
    }  # fmt: skip
    dead = await _dead(settings, endpoints, since)
    await client.indices.refresh(index=settings.prefix + OPINIONS.alias)
    buried: dict[str, Entry] = {}
    replayed: set[str] = set()
    seen: set[str] = set()
    asked: list[Entry] = []
    async for record in records(settings, endpoints, topics.RAW, since):
        entry = _entry(record, committed)
        if source := dict(record.headers).get(REPLAYED_FROM):
            replayed.add(source.decode("utf-8", "replace"))
        if entry.position in dead:
            buried[entry.position] = replace(entry, outcome="dead_letter")
        elif entry.id not in seen:
            seen.add(entry.id)
            asked.append(entry)
        if len(asked) >= CHUNK:
            for settled in await _outcomes(client, settings, asked):
                yield settled
            asked = []
    for settled in await _outcomes(client, settings, asked):
        yield settled
    for position, entry in buried.items():
        if position not in replayed:
            yield entry


def _entry(record: Any, committed: Mapping[int, int]) -> Entry:
    position = f"{record.topic}/{record.partition}/{record.offset}"
    try:
        named = _decode(record.value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        named = _Named(position)
    done = record.offset < committed.get(record.partition, -1)
    return Entry(position, record.timestamp / 1000, named.id, named.source, "missing", done)


async def _dead(
    settings: Settings, endpoints: Endpoints, since: Mapping[int, int] | datetime | None
) -> set[str]:
    """topic/partition/offset of each message that has a dead letter."""
    found = set()
    start = since - SKEW if isinstance(since, datetime) else None
    async for record in records(settings, endpoints, topics.DEAD, start):
        facts = dict(record.headers)
        parts = [facts.get(HEADER_PREFIX + n, b"") for n in ("topic", "partition", "offset")]
        found.add(b"/".join(parts).decode())
    return found


async def _outcomes(
    client: AsyncElasticsearch, settings: Settings, entries: list[Entry]
) -> list[Entry]:
    if not entries:
        return []
    found = await _documents(client, settings, [entry.id for entry in entries])
    return [replace(entry, outcome=_outcome(entry, found)) for entry in entries]


def _outcome(entry: Entry, found: Mapping[str, bool]) -> Outcome:
    if entry.id in found:
        return "duplicate" if found[entry.id] else "document"
    return "missing" if entry.settled else "waiting"


async def _documents(
    client: AsyncElasticsearch, settings: Settings, ids: Iterable[str]
) -> dict[str, bool]:
    """id -> whether its document is a duplicate link."""
    answer = await client.search(
        index=settings.prefix + OPINIONS.alias,
        query={"ids": {"values": list(ids)}},
        size=10_000,
        source_includes=["duplicate.of"],
        sort="_doc",
    )
    return {hit["_id"]: bool(hit["_source"].get("duplicate")) for hit in answer["hits"]["hits"]}
