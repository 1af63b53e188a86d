"""What became of the items: counted from Kafka and Elasticsearch, by id (I4)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass, field

import msgspec
from aiokafka import TopicPartition
from elasticsearch import AsyncElasticsearch

from infra import clients
from infra.indices import write_name
from infra.settings import Settings
from infra.stack import Endpoints
from schemas import topics
from schemas.dead_letter import HEADER_PREFIX
from schemas.registry import ALERTS, EVENTS, OPINIONS
from schemas.topics import Topic

CHUNK = 5_000  # ids asked of Elasticsearch at once


class _Named(msgspec.Struct):
    id: str


_decode_id = msgspec.json.Decoder(_Named).decode


@dataclass
class Account:
    """items = documents + duplicates + dead_letters, or `missing` says which are not settled."""

    items: int = 0
    documents: int = 0
    duplicates: int = 0
    dead_letters: int = 0
    events: int = 0
    alerts: int = 0
    missing: list[str] = field(default_factory=list)

    def totals(self) -> dict[str, int]:
        return {k: v for k, v in asdict(self).items() if k != "missing"}


async def end_offsets(settings: Settings, endpoints: Endpoints, topic: Topic) -> dict[int, int]:
    consumer = clients.consumer(settings, endpoints)
    await consumer.start()
    try:
        partitions = _partitions(settings, topic)
        found = await consumer.end_offsets(partitions)
        return {p.partition: found[p] for p in partitions}
    finally:
        await consumer.stop()


async def account(
    settings: Settings,
    endpoints: Endpoints,
    client: AsyncElasticsearch,
    since: dict[int, int] | None = None,
) -> Account:
    """The account of what stands on items.raw from the offsets `since` on (None: all of it).

    An id that was sent twice is one item. A message without a readable id is an
    item by its position; it can only be a dead letter.
    """
    raw = _partitions(settings, topics.RAW)
    dead = await _dead_positions(settings, endpoints)
    result = Account()
    seen: set[str] = set()
    ids: list[str] = []
    async for position, value in _read(settings, endpoints, raw, since):
        try:
            name = _decode_id(value).id
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            name = position
        if position in dead:
            # The same id may also have come in good shape; then it is that item.
            result.dead_letters += 1
            result.items += 1
        elif name not in seen:
            seen.add(name)
            ids.append(name)
    result.items += len(ids)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        found = await _settled(client, settings, chunk)
        result.documents += sum(not duplicate for duplicate in found.values())
        result.duplicates += sum(found.values())
        result.missing += [each for each in chunk if each not in found]
    for index, name in ((EVENTS, "events"), (ALERTS, "alerts")):
        answer = await client.count(index=write_name(settings, index))
        setattr(result, name, answer["count"])
    return result


async def _settled(
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


async def _dead_positions(settings: Settings, endpoints: Endpoints) -> set[str]:
    """topic/partition/offset of each message that has a dead letter."""
    consumer = clients.consumer(settings, endpoints)
    found = set()
    async for record in _records(consumer, _partitions(settings, topics.DEAD), None):
        facts = dict(record.headers)
        parts = [facts.get(HEADER_PREFIX + n, b"") for n in ("topic", "partition", "offset")]
        found.add(b"/".join(parts).decode())
    return found


async def _read(
    settings: Settings,
    endpoints: Endpoints,
    partitions: list[TopicPartition],
    since: dict[int, int] | None,
) -> AsyncIterator[tuple[str, bytes]]:
    consumer = clients.consumer(settings, endpoints)
    async for record in _records(consumer, partitions, since):
        yield f"{record.topic}/{record.partition}/{record.offset}", record.value or b""


async def _records(consumer, partitions, since):  # type: ignore[no-untyped-def]
    """All records up to the ends as of now."""
    await consumer.start()
    try:
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        starts = await consumer.beginning_offsets(partitions)
        left = {}
        for p in partitions:
            start = max(starts[p], (since or {}).get(p.partition, 0))
            consumer.seek(p, start)
            if start < ends[p]:
                left[p] = ends[p]
            else:
                consumer.pause(p)
        while left:
            for p, records in (await consumer.getmany(timeout_ms=1_000)).items():
                for record in records:
                    if p in left and record.offset < ends[p]:
                        yield record
                if p in left and await consumer.position(p) >= left[p]:
                    del left[p]
                    consumer.pause(p)
    finally:
        await consumer.stop()


def _partitions(settings: Settings, topic: Topic) -> list[TopicPartition]:
    return [TopicPartition(settings.prefix + topic.name, n) for n in range(topic.partitions)]
