"""kill -9 in mid-batch and a restart: nothing lost, nothing doubled, one alert per matter."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.accounts import account
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.base import encode
from tests.builders import raw_item
from tests.integration.workers import Worker, settled

KILLS = int(os.environ.get("TINGCHAO_TEST_KILLS", "4"))  # `make faults` does 20
ITEMS = 1_500 * (KILLS + 1)


async def test_kill_in_mid_batch(
    config: Settings,
    endpoints: Endpoints,
    producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch,
    tmp_path: Path,
) -> None:
    rnd = random.Random(7)
    words = ["电价", "停电", "充电桩", "补贴", "物业", "公交", "学校", "医院", "油价", "审批"]
    futures = []
    for number in range(ITEMS):
        text = f"第{number}号来信：" + "".join(rnd.choices(words, k=30)) + str(rnd.random())
        value = encode(raw_item(str(number), text)) if number % 50 else b"{broken"
        futures.append(await producer.send(f"{config.prefix}items.raw", value))
    await asyncio.gather(*futures)
    with Worker(tmp_path / "worker.log") as worker:
        for kill in range(KILLS):
            if kill:
                worker.start()
            await _until_documents(elasticsearch, config, 200 * (kill + 1), worker)
            worker.kill()
        worker.start()
        await settled(config, endpoints, 120, worker)
        assert worker.stop() == 0
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    found = await account(config, endpoints, elasticsearch)
    assert found.missing == []
    assert found.items == ITEMS
    assert found.documents + found.duplicates + found.dead_letters == ITEMS
    assert found.dead_letters == len(range(0, ITEMS, 50))
    await _nothing_is_doubled(elasticsearch, config, found.documents + found.duplicates)


async def _nothing_is_doubled(client: AsyncElasticsearch, config: Settings, opinions: int) -> None:
    stored = await client.count(index=f"{config.prefix}opinions")
    assert stored["count"] == opinions
    # An item that was met again after a crash is not its own duplicate.
    answer = await client.search(
        index=f"{config.prefix}opinions", size=10_000,
        source_includes=["origin_id", "duplicate.of"], query={"exists": {"field": "duplicate.of"}},
    )  # fmt: skip
    for hit in answer["hits"]["hits"]:
        assert hit["_source"]["duplicate"]["of"] != hit["_source"]["origin_id"]
    alerts = await client.search(index=f"{config.prefix}alerts", size=1_000)
    matters = Counter(hit["_source"]["matter_id"] for hit in alerts["hits"]["hits"])
    assert all(count == 1 for count in matters.values())


async def _until_documents(
    client: AsyncElasticsearch, config: Settings, count: int, worker: Worker
) -> None:
    """Until the worker is at work: more documents than before are there."""
    for _ in range(600):
        found = await client.count(index=f"{config.prefix}opinions")
        if found["count"] >= count:
            return
        assert worker.process and worker.process.poll() is None, worker.log()
        await asyncio.sleep(0.02)
    raise AssertionError(worker.log())
