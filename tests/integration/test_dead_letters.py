"""Dead letters on the real stack: the limit stops the worker, a replay after the mend settles."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.accounts import account
from infra.settings import PROJECT, Settings
from infra.stack import Endpoints
from schemas.base import encode
from schemas.raw_item import RawItem
from tests.builders import raw_item
from tests.integration.crawling import environment
from tests.integration.workers import Worker, settled


def _items(count: int) -> list[RawItem]:
    return [
        raw_item(str(n), f"第{n}封来信：{'电价停车补贴学校'[n % 8]}的事，请答复。")
        for n in range(count)
    ]


async def _send(producer: AIOKafkaProducer, config: Settings, values: list[bytes]) -> None:
    for value in values:
        await producer.send_and_wait(f"{config.prefix}items.raw", value, headers=[("h", b"1")])


async def _broken_index(client: AsyncElasticsearch, config: Settings) -> str:
    """The month's index under a mapping that refuses every document, as a bad release would."""
    name = f"{config.prefix}opinions-2026.03"
    await client.indices.create(index=name, mappings={"properties": {"words": {"type": "date"}}})
    return name


def _dlq(*arguments: str) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tingchao", "dlq", *arguments], cwd=PROJECT,
        env=environment() | {"TINGCHAO_STACK": "external"}, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    return [orjson.loads(line) if line.startswith("{") else line for line in lines]


async def test_when_the_code_is_bad_the_worker_stops_and_loses_nothing(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TINGCHAO_DEAD_LETTER_WINDOW", "20")
    with Worker(tmp_path / "worker.log", "analyse") as worker:
        await worker.started()
        name = await _broken_index(elasticsearch, config)
        await _send(producer, config, [encode(item) for item in _items(40)])
        assert worker.process and worker.process.wait(60) == 79, worker.log()
        assert "messages became dead letters, more than dead_letter_limit (0.5)" in worker.log()
        await elasticsearch.indices.delete(index=name)  # the mend
        worker.start()
        await settled(config, endpoints, worker=worker, agents=["analyse"])
        assert worker.stop() == 0, worker.log()
    found = await account(config, endpoints, elasticsearch)
    assert found.missing == [] and found.items == 40
    assert found.dead_letters < 40


async def test_a_replay_after_the_mend_settles_and_counts_once(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    items = _items(3)
    values = [*(encode(item) for item in items), b"{broken", b'{"id": 1}']
    with Worker(tmp_path / "worker.log", "analyse") as worker:
        await worker.started()
        name = await _broken_index(elasticsearch, config)
        await _send(producer, config, values)
        await settled(config, endpoints, worker=worker, agents=["analyse"])
        refused = _dlq("list", "--reason", "refused_by_index", "--since", "1h")
        assert {letter["item_id"] for letter in refused} == {item.id for item in items}
        assert {letter["stage"] for letter in refused} == {"index"}
        assert _dlq("show", refused[0]["id"])[0]["message"]
        assert len(_dlq("list")) == 5 and _dlq("list", "--source", "nobody") == []
        await elasticsearch.indices.delete(index=name)  # the mend
        assert _dlq("replay", "--source", "test") == ["重新发送 3 条"]
        assert _dlq("drop", "--reason", "malformed_json") == ["放弃 1 条"]
        assert len(_dlq("list")) == 1 and len(_dlq("list", "--settled")) == 5
        assert _dlq("replay", "--all") == ["重新发送 1 条"]  # still bad: dies again, counted once
        await settled(config, endpoints, worker=worker, agents=["analyse"])
        assert worker.stop() == 0, worker.log()
    found = await account(config, endpoints, elasticsearch)
    assert (found.items, found.documents + found.duplicates, found.dead_letters) == (5, 3, 2)
    assert found.missing == []
    assert len(_dlq("list")) == 1
