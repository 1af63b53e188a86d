"""Quix Streams with a batching sink that does the same work at each checkpoint."""

from __future__ import annotations

import asyncio
import tempfile
import time

from benchmarks.ways.batch_function import BatchFunction
from infra import bulk, clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas import topics


def run(config: Settings, endpoints: Endpoints, items: int) -> float:
    from quixstreams import Application
    from quixstreams.sinks import BatchingSink

    function = BatchFunction(config)
    loop = asyncio.new_event_loop()

    async def client_of():  # type: ignore[no-untyped-def]
        return clients.elasticsearch(config, endpoints)

    client = loop.run_until_complete(client_of())
    state = {"seen": 0, "started": 0.0, "took": 0.0}
    app = Application(
        broker_address=endpoints.kafka, consumer_group=config.prefix + "quix",
        auto_offset_reset="earliest", commit_every=500, commit_interval=0.5, loglevel="ERROR",
        state_dir=tempfile.mkdtemp(), auto_create_topics=False,
    )  # fmt: skip
    producer = app.get_producer()

    class Sink(BatchingSink):  # type: ignore[misc]
        def write(self, batch) -> None:  # type: ignore[no-untyped-def]
            values = [item.value for item in batch]
            documents, briefs = function(values)
            assert not loop.run_until_complete(bulk.write(client, documents))
            producer.produce(config.prefix + topics.OPINIONS.name, briefs)
            producer.flush()
            state["seen"] += len(values)
            if state["seen"] >= items:
                state["took"] = time.perf_counter() - state["started"]
                app.stop()

    def begin(value: bytes) -> bytes:
        state["started"] = state["started"] or time.perf_counter()
        return value

    topic = app.topic(
        config.prefix + topics.RAW.name, value_deserializer="bytes", key_deserializer="bytes"
    )
    app.dataframe(topic).apply(begin).sink(Sink())
    app.run()
    return state["took"]
