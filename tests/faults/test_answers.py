"""Elasticsearch answers a mix of good and bad, or its answer is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from infra.stack import Endpoints
from tests.faults.checker import check, send
from tests.faults.proxy import Proxy
from tests.integration.workers import Worker, settled


async def test_a_mix_of_answers_settles_each_item_once(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    sent = await send(producer, config, 2_000)
    refused = set(sorted(sent.good)[::97])
    async with Proxy(endpoints.elasticsearch, refused) as proxy:
        monkeypatch.setenv("TINGCHAO_STACK", "external")
        monkeypatch.setenv("TINGCHAO_ELASTICSEARCH_URL", proxy.address)
        monkeypatch.setenv("TINGCHAO_BATCH_SIZE", "100")
        with Worker(tmp_path / "worker.log") as worker:
            await settled(config, endpoints, 120, worker)
            assert worker.stop() == 0, worker.log()
    assert {"200", "409", "400", "429", "503", "answer lost"} <= (
        {*proxy.done} | ({"200"} if "201" in proxy.done else set())
    ), proxy.done
    await check(config, endpoints.kafka, elasticsearch, sent, refused)
