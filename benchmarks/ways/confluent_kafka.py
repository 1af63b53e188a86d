"""A plain confluent-kafka loop: consume 500, do the work, write, commit."""

from __future__ import annotations

import asyncio
import time

from benchmarks.ways.batch_function import BatchFunction
from infra import bulk, clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas import topics


def run(config: Settings, endpoints: Endpoints, items: int, session: int = 45) -> float:
    from confluent_kafka import Consumer, Producer

    function = BatchFunction(config)
    consumer = Consumer({
        "bootstrap.servers": endpoints.kafka, "group.id": config.prefix + "plain",
        "auto.offset.reset": "earliest", "enable.auto.commit": False,
        "session.timeout.ms": session * 1_000,
    })  # fmt: skip
    producer = Producer({
        "bootstrap.servers": endpoints.kafka, "acks": "all", "enable.idempotence": True,
        "compression.type": "lz4", "message.max.bytes": 16_000_000,
    })  # fmt: skip
    consumer.subscribe([config.prefix + topics.RAW.name])
    loop = asyncio.new_event_loop()
    client = loop.run_until_complete(_client(config, endpoints))
    seen, started = 0, 0.0
    while seen < items:
        messages = consumer.consume(500, timeout=1.0)
        if not messages:
            continue
        started = started or time.perf_counter()
        documents, briefs = function([message.value() for message in messages])
        assert not loop.run_until_complete(bulk.write(client, documents))
        producer.produce(config.prefix + topics.OPINIONS.name, briefs)
        producer.flush()
        consumer.commit(asynchronous=False)
        seen += len(messages)
    return time.perf_counter() - started


async def _client(config: Settings, endpoints: Endpoints):  # type: ignore[no-untyped-def]
    return clients.elasticsearch(config, endpoints)
