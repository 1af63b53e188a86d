"""10,000 identical alerts in a second: one alert, at most two notifications each."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from infra.stack import Endpoints
from schemas.base import encode
from tests.builders import signal
from tests.faults.checker import check_alerts
from tests.integration.workers import Worker, settled


async def test_ten_thousand_identical_alerts_are_one(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    topic = f"{config.prefix}signals"
    value = encode(signal("II"))
    with Worker(tmp_path / "worker.log", "alerts,notify") as worker:
        await worker.started()
        futures = [await producer.send(topic, value, key=b"m1") for _ in range(10_000)]
        await asyncio.gather(*futures)
        await settled(config, endpoints, 90, worker, agents=["alerts", "notify"])
        assert worker.stop() == 0, worker.log()
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    assert (await elasticsearch.count(index=f"{config.prefix}alerts"))["count"] == 1
    receipts = await check_alerts(config, elasticsearch)
    told = Counter(receipt["recipient"] for receipt in receipts)
    assert told and max(told.values()) == 1
