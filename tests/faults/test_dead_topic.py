"""The dead-letter topic takes nothing; messages of the broker's own limit."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import MessageSizeTooLargeError
from elasticsearch import AsyncElasticsearch

from infra import clients
from infra.lag import lags
from infra.settings import Settings
from infra.stack import Endpoints
from infra.topics import create
from schemas import topics
from schemas.topics import MAX_MESSAGE
from tests.faults.checker import check, send, until_documents
from tests.integration.crawling import command, environment
from tests.integration.workers import Worker, settled, supervised


async def _take_away(config: Settings, endpoints: Endpoints) -> None:
    admin = AIOKafkaAdminClient(**clients.kafka_options(config, endpoints))
    await admin.start()
    try:
        await admin.delete_topics([config.prefix + topics.DEAD.name])
    finally:
        await admin.close()


async def test_a_dead_letter_topic_that_takes_nothing_holds_up_and_loses_nothing(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    with Worker(tmp_path / "worker.log") as worker:
        await worker.started()
        await _take_away(config, endpoints)  # after the start, which makes the topics
        sent = await send(producer, config, 2_000)
        await until_documents(elasticsearch, config, 300, worker)
        await asyncio.sleep(3)
        behind = sum(lag.behind for lag in await lags(config, endpoints, ["analyse"]))
        assert behind > 0, f"acknowledged although its dead letters are nowhere\n{worker.log()}"
        await create(config, endpoints)
        await supervised(config, endpoints, worker)
        assert worker.stop() == 0, worker.log()
    await check(config, endpoints.kafka, elasticsearch, sent)


async def test_a_message_of_the_brokers_own_limit_becomes_a_dead_letter(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    topic, largest = f"{config.prefix}items.raw", MAX_MESSAGE - 16 * 1_024
    with pytest.raises(MessageSizeTooLargeError):
        await producer.send_and_wait(topic, os.urandom(MAX_MESSAGE + 1))
    place = await producer.send_and_wait(topic, os.urandom(largest), headers=[("own", b"x" * 500)])
    sent = await send(producer, config, 300)
    sent.bad.add(f"{place.topic}/{place.partition}/{place.offset}")
    with Worker(tmp_path / "worker.log") as worker:
        await settled(config, endpoints, worker=worker)
        assert worker.stop() == 0, worker.log()
    await check(config, endpoints.kafka, elasticsearch, sent)
    found = await elasticsearch.search(
        index=f"{config.prefix}dead-letters", query={"term": {"reason": "too_large"}}
    )
    (letter,) = (hit["_source"] for hit in found["hits"]["hits"])
    assert letter["size"] == largest
    done = await asyncio.to_thread(
        subprocess.run, command("dlq", "replay", letter["id"]),
        env=environment() | {"TINGCHAO_STACK": "external"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and "1 条的原文" in done.stdout, "a cut value is not sent on"
