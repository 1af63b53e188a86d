"""Analysts' decisions of events: kept for good, and told to the events agent in its order."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka import TopicPartition

from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas import topics
from schemas.base import encode
from schemas.opinion import EventDecision, OpinionBatch, decode_decision


async def send(
    settings: Settings, endpoints: Endpoints, decisions: Sequence[EventDecision]
) -> None:
    """First for good, then into the order of items; done again it changes nothing more."""
    producer = clients.producer(settings, endpoints)
    await producer.start()
    try:
        kept = settings.prefix + topics.EVENT_DECISIONS.name
        for each in decisions:
            await producer.send_and_wait(kept, encode(each), key=each.id.encode())
        batch = OpinionBatch(briefs=[], decisions=list(decisions))
        await producer.send_and_wait(settings.prefix + topics.OPINIONS.name, encode(batch))
    finally:
        await producer.stop()


async def decided(settings: Settings, endpoints: Endpoints) -> list[EventDecision]:
    """All decisions so far, the earliest first."""
    consumer = clients.consumer(settings, endpoints)
    await consumer.start()
    found: dict[str, EventDecision] = {}
    try:
        partition = TopicPartition(settings.prefix + topics.EVENT_DECISIONS.name, 0)
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        await consumer.seek_to_beginning(partition)
        while await consumer.position(partition) < end:
            for record in (await consumer.getmany(timeout_ms=1_000)).get(partition, ()):
                if record.value:
                    decision = decode_decision(record.value)
                    found[decision.id] = decision
    finally:
        await consumer.stop()
    return sorted(found.values(), key=lambda decision: (decision.at, decision.id))
