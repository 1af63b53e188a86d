"""Bytewax: collect 500, map the same work, write from the map."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from benchmarks.ways.batch_function import BatchFunction
from infra import bulk, clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas import topics


def run(config: Settings, endpoints: Endpoints, items: int) -> float:
    import bytewax.operators as op
    from bytewax.connectors.kafka import KafkaSource
    from bytewax.dataflow import Dataflow
    from bytewax.testing import TestingSink, run_main
    from confluent_kafka import OFFSET_BEGINNING, Producer

    function = BatchFunction(config)
    loop = asyncio.new_event_loop()

    async def client_of():  # type: ignore[no-untyped-def]
        return clients.elasticsearch(config, endpoints)

    client = loop.run_until_complete(client_of())
    producer = Producer({
        "bootstrap.servers": endpoints.kafka, "acks": "all", "enable.idempotence": True,
        "compression.type": "lz4", "message.max.bytes": 16_000_000,
    })  # fmt: skip
    started: list[float] = []

    def work(pair):  # type: ignore[no-untyped-def]
        started.append(time.perf_counter())
        _, messages = pair
        documents, briefs = function([message.value for message in messages])
        assert not loop.run_until_complete(bulk.write(client, documents))
        producer.produce(config.prefix + topics.OPINIONS.name, briefs)
        producer.flush()
        return len(messages)

    flow = Dataflow("chain")
    source = KafkaSource(
        [endpoints.kafka], [config.prefix + topics.RAW.name], starting_offset=OFFSET_BEGINNING,
        tail=False, batch_size=500,
    )  # fmt: skip
    stream = op.key_on("key", op.input("in", flow, source), lambda message: "all")
    batches = op.collect("collect", stream, timedelta(seconds=0.5), 500)
    done: list[int] = []
    op.output("out", op.map("work", batches, work), TestingSink(done))
    began = time.perf_counter()
    run_main(flow)
    assert sum(done) == items, (sum(done), items)
    del began  # reading begins before the first batch is full; count as the others do
    return time.perf_counter() - started[0]
