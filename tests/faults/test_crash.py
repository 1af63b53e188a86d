"""Exceptions and kills at the worst moments: repeated, and counted by id afterwards."""

from __future__ import annotations

from pathlib import Path

from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from infra.stack import Endpoints
from tests.faults.checker import check, send
from tests.faults.conftest import SLOW
from tests.integration.workers import Worker, settled

FAULTS = ["raise-middle", "kill-after-write"]
if SLOW:
    FAULTS = ["raise-first", "raise-middle", "raise-last", "kill-after-write", "slow-then-kill"]


async def test_a_crash_loses_nothing_and_doubles_nothing(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    sent = await send(producer, config, 6_000)
    with Worker(tmp_path / "worker.log") as worker:
        for fault in [*FAULTS, "none"]:
            worker.module = ["tests.faults.hooked", fault]
            worker.start()
            if fault != "none":
                assert worker.process
                code = worker.process.wait(90)
                assert code == (70 if fault.startswith("raise") else -9), worker.log()
        await settled(config, endpoints, 120, worker)
        assert worker.stop() == 0, worker.log()
    await check(config, endpoints.kafka, elasticsearch, sent)
