"""Servers that die, pause or come back, and workers that join, leave or sleep."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from infra.stack import Endpoints
from infra.stack.local import LocalStack
from tests.faults.checker import check, send, until_documents
from tests.integration.workers import Worker, supervised

pytestmark = pytest.mark.slow
AWAY = 30  # seconds
LONG = float(os.environ.get("TINGCHAO_TEST_AWAY", "600"))


def _server(config: Settings, name: str) -> psutil.Process:
    """The server that this run's own stack started."""
    state = json.loads((config.data / "stack" / "state.json").read_text())
    return psutil.Process(state[name]["process"]["pid"])


FAULTS = ["elasticsearch-away", "broker-killed", "broker-paused"]


@pytest.mark.timeout(1_500)
@pytest.mark.parametrize("fault", [*FAULTS, "elasticsearch-away-long"])
async def test_a_server_goes_and_comes_back(
    fault: str, config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    servers = LocalStack(config)
    sent = await send(producer, config, 12_000)
    with Worker(tmp_path / "worker.log") as worker:
        await until_documents(elasticsearch, config, 300, worker)
        process = _server(config, "elasticsearch" if fault.startswith("el") else "kafka")
        if fault == "broker-paused":
            process.suspend()
            await asyncio.sleep(AWAY)
            process.resume()
        else:
            process.kill()
            process.wait(20)
            away = {"broker-killed": 3.0, "elasticsearch-away": AWAY}.get(fault, LONG)
            await asyncio.sleep(away)
            await asyncio.to_thread(servers.up, lambda *_: None)
        await supervised(config, endpoints, worker)
        assert worker.stop() == 0, worker.log()
    await check(config, endpoints.kafka, elasticsearch, sent)


@pytest.mark.parametrize("fault", ["join-and-leave", "zombie", "state-deleted"])
async def test_workers_come_and_go(
    fault: str, config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    sent = await send(producer, config, 12_000)
    other = Worker(tmp_path / "other.log", "analyse")
    with Worker(tmp_path / "worker.log") as worker, other:
        await until_documents(elasticsearch, config, 300, worker)
        assert other.process
        if fault == "zombie":
            other.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(15)  # past its session: its partitions go to the other
            other.process.send_signal(signal.SIGCONT)
        elif fault == "join-and-leave":
            await other.started()
            assert other.stop() == 0, other.log()
            other.start()
        else:  # nothing that counts lies beside the worker
            other.kill()
            for path in (config.data / "models", config.data / "logs"):
                assert not path.exists() or not any(path.iterdir())
            other.start()
        await supervised(config, endpoints, worker)
        assert worker.stop() == 0, worker.log()
    await check(config, endpoints.kafka, elasticsearch, sent)
