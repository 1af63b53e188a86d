"""Read a topic up to its end as of now, outside any consumer group."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.topics import Topic

Offsets = dict[TopicPartition, int]


def partitions(settings: Settings, topic: Topic) -> list[TopicPartition]:
    return [TopicPartition(settings.prefix + topic.name, n) for n in range(topic.partitions)]


async def end_offsets(settings: Settings, endpoints: Endpoints, topic: Topic) -> dict[int, int]:
    consumer = clients.consumer(settings, endpoints)
    await consumer.start()
    try:
        found = await consumer.end_offsets(partitions(settings, topic))
        return {p.partition: offset for p, offset in found.items()}
    finally:
        await consumer.stop()


async def count(
    settings: Settings, endpoints: Endpoints, topic: Topic, since: datetime, until: datetime
) -> int:
    """How many records `records` would give."""
    consumer = clients.consumer(settings, endpoints)
    await consumer.start()
    try:
        starts, ends = await _span(consumer, partitions(settings, topic), since, until)
        return sum(max(0, ends[p] - starts[p]) for p in starts)
    finally:
        await consumer.stop()


async def records(
    settings: Settings,
    endpoints: Endpoints,
    topic: Topic,
    since: Mapping[int, int] | datetime | None = None,
    until: datetime | None = None,
) -> AsyncIterator[Any]:
    """All records from `since` (offsets by partition, or a time; None: the beginning) on,
    those sent before `until` (None: now)."""
    consumer = clients.consumer(settings, endpoints)
    await consumer.start()
    try:
        wanted = partitions(settings, topic)
        consumer.assign(wanted)
        starts, ends = await _span(consumer, wanted, since, until)
        left = {}
        for p in wanted:
            consumer.seek(p, starts[p])
            if starts[p] < ends[p]:
                left[p] = ends[p]
            else:
                consumer.pause(p)
        while left:
            for p, found in (await consumer.getmany(timeout_ms=1_000)).items():
                for record in found:
                    if p in left and record.offset < ends[p]:
                        yield record
                if p in left and await consumer.position(p) >= left[p]:
                    del left[p]
                    consumer.pause(p)
    finally:
        await consumer.stop()


async def _span(
    consumer: AIOKafkaConsumer,
    wanted: list[TopicPartition],
    since: Mapping[int, int] | datetime | None,
    until: datetime | None,
) -> tuple[Offsets, Offsets]:
    """The first offset of each partition, and the one after its last."""
    first = await consumer.beginning_offsets(wanted)
    ends = await consumer.end_offsets(wanted)
    if isinstance(since, datetime):
        starts = await _offsets_at(consumer, wanted, since, ends)
    else:
        starts = {p: (since or {}).get(p.partition, 0) for p in wanted}
    if until is not None:
        ends = await _offsets_at(consumer, wanted, until, ends)
    return {p: max(first[p], starts[p]) for p in wanted}, ends


async def _offsets_at(
    consumer: AIOKafkaConsumer, wanted: list[TopicPartition], when: datetime, ends: Offsets
) -> Offsets:
    """Of the first record not before `when`; the end where there is none."""
    asked = dict.fromkeys(wanted, int(when.timestamp() * 1000))
    found = await consumer.offsets_for_times(asked)
    return {p: place.offset if (place := found[p]) else ends[p] for p in wanted}
