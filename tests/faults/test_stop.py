"""SIGTERM under load: what is open settles, the worker leaves in time, the next one goes on."""

from __future__ import annotations

import time
from pathlib import Path

from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from infra.stack import Endpoints
from tests.faults.checker import check, send, until_documents
from tests.integration.workers import Worker, settled


async def test_a_stop_under_load_drains_and_leaves_in_time(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    sent = await send(producer, config, 12_000)
    with Worker(tmp_path / "worker.log") as worker:
        await until_documents(elasticsearch, config, 500, worker)
        started = time.monotonic()
        assert worker.stop() == 0, worker.log()
        assert time.monotonic() - started < 30
        worker.start()
        await settled(config, endpoints, 120, worker)
        assert worker.stop() == 0, worker.log()
    await check(config, endpoints.kafka, elasticsearch, sent)
