"""One item's id, from the crawl to the notification: grep finds its way in the logs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from infra.settings import Settings
from infra.stack import Endpoints
from schemas.base import encode
from tests.integration.conftest import good_items
from tests.integration.workers import Worker, settled


async def test_grep_follows_an_item(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TINGCHAO_LOG_FORMAT", "json")
    monkeypatch.setenv("TINGCHAO_LOG_LEVEL", "DEBUG")
    log, (grave, *_, noise) = tmp_path / "worker.log", good_items()
    topic = f"{config.prefix}items.raw"
    for item in (grave, noise):
        await producer.send_and_wait(topic, encode(item))
    late = encode(noise).replace(b'"published_at":"20', b'"published_at":"90')
    await producer.send_and_wait(topic, late)
    with Worker(log) as worker:
        await settled(config, endpoints, worker=worker)
        assert worker.stop() == 0, worker.log()

    def told(key: str) -> list[str]:
        done = subprocess.run(["grep", key, log], capture_output=True, text=True)
        lines = [orjson.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        assert all(line["timestamp"] and line["level"] for line in lines)
        return [line["event"] for line in lines]

    way = told(grave.id)
    assert [e for n, e in enumerate(way) if e not in way[:n]] == [
        "item indexed", "signal", "told", "notification taken"
    ]  # fmt: skip
    assert set(told(noise.id)) == {"item indexed", "dead letter"}
