"""A consumer that stands still without dying: the watchdog ends it, the next one goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from infra.stack import Endpoints
from streams.watchdog import EXIT_STUCK, Stillness
from tests.faults.checker import check, send
from tests.integration.workers import Worker, settled


async def test_a_stuck_worker_ends_and_the_next_one_goes_on(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TINGCHAO_STUCK_SECONDS", "5")
    sent = await send(producer, config, 6_000)
    worker = Worker(tmp_path / "worker.log")
    worker.module = ["tests.faults.hooked", "stuck"]
    with worker:
        assert worker.process and worker.process.wait(90) == EXIT_STUCK, worker.log()
        assert "stands still" in worker.log()
        # Five seconds may be what a start takes on a busy machine.
        monkeypatch.setenv("TINGCHAO_STUCK_SECONDS", "60")
        worker.module = ["tests.faults.hooked", "none"]
        worker.start()
        await settled(config, endpoints, 120, worker)
        assert worker.stop() == 0, worker.log()
    await check(config, endpoints.kafka, elasticsearch, sent)


def test_waiting_for_a_server_is_not_standing_still() -> None:
    still = Stillness()
    assert still.look("analyse", 10, "5 committed, 0 tries", 0) == 0
    assert still.look("analyse", 10, "5 committed, 0 tries", 40) == 40
    assert still.look("analyse", 10, "5 committed, 1 try", 50) == 0  # it tries again
    assert still.look("analyse", 0, "5 committed, 1 try", 90) == 0  # nothing to do
    assert still.look("analyse", 3, "5 committed, 1 try", 95) == 5
    assert still.look("analyse", 3, "6 committed, 1 try", 99) == 0
