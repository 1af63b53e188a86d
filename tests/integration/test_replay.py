"""items.raw analysed anew while live traffic goes on: same documents, no alerts unless asked."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.accounts import account
from infra.indices import write_name
from infra.settings import PROJECT, Settings
from infra.stack import Endpoints
from schemas.base import encode
from schemas.raw_item import Provenance
from schemas.registry import OPINIONS
from tests.builders import raw_item
from tests.faults.checker import send
from tests.integration.conftest import good_items
from tests.integration.crawling import environment
from tests.integration.workers import Worker, settled


def _replay(*arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tingchao", "replay", *arguments, "--json"], cwd=PROJECT,
        env=environment() | {"TINGCHAO_STACK": "external"} | more, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


async def _result(replay: subprocess.Popen[str]) -> dict[str, Any]:
    out, errors = await asyncio.to_thread(replay.communicate, timeout=120)
    assert replay.returncode == 0, errors
    return dict(orjson.loads(out.splitlines()[-1]))


async def _documents(client: AsyncElasticsearch, config: Settings) -> dict[str, dict[str, Any]]:
    await client.indices.refresh(index=f"{config.prefix}*")
    found = await client.search(index=f"{config.prefix}opinions", size=10_000)
    return {hit["_id"]: hit["_source"] for hit in found["hits"]["hits"]}


async def _raised(client: AsyncElasticsearch, config: Settings) -> int:
    """Alerts that the rule raised which only the replay knows."""
    await client.indices.refresh(index=f"{config.prefix}*")
    query = {"term": {"reasons.rule": "power-price"}}
    return int((await client.count(index=f"{config.prefix}alerts", query=query))["count"])


@pytest.fixture
def stricter(tmp_path: Path) -> str:
    """The configuration with a rule more: letters about the electricity price are grave."""
    folder = tmp_path / "config"
    shutil.copytree(PROJECT / "config", folder)
    file = folder / "severity.yaml"
    rules = yaml.safe_load(file.read_text("utf-8"))
    rules["rules"].append(
        {"id": "power-price", "kind": "words", "points": 90, "any_of": ["电价上涨太多"]}
    )
    file.write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")
    return str(folder)


async def test_the_past_is_analysed_anew_beside_live_traffic(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path, stricter: str,
) -> None:  # fmt: skip
    before = datetime.now(UTC) - timedelta(minutes=1)
    topic = f"{config.prefix}items.raw"
    first, copy, repost, bill, noise = items = good_items()
    seen_again = raw_item("again", "第一次看到的评论", provenance=Provenance(revision=0))
    later = raw_item(
        "again", "第一次看到的评论", publisher="日报", provenance=Provenance(revision=1)
    )
    for item in (*items, seen_again, later):  # in one partition: the first has to be read first
        await producer.send_and_wait(topic, encode(item), partition=0)
    await producer.send_and_wait(topic, b"{broken", partition=0)
    with Worker(tmp_path / "worker.log") as worker:
        await settled(config, endpoints, worker=worker)
        old = await _documents(elasticsearch, config)
        end = datetime.now(UTC)
        replay = _replay("--from", before.isoformat(), "--to", end.isoformat(),
                         TINGCHAO_CONFIG=stricter)  # fmt: skip
        await send(producer, config, 3_000, bad_every=10_000)
        assert await _result(replay) == {
            "messages": 8, "written": 7, "unreadable": 1, "failed": []
        }  # fmt: skip
        await settled(config, endpoints, worker=worker)
        new = await _documents(elasticsearch, config)
        assert old[bill.id]["severity"]["level"] == "none"
        assert new[bill.id]["severity"]["level"] in ("I", "II")
        assert [new[key]["duplicate"] for key in old] == [old[key]["duplicate"] for key in old]
        assert new[later.id]["publisher"] == "日报", "a later sight of the thing stays"
        assert set(old) <= set(new)
        assert await _raised(elasticsearch, config) == 0

        # What was lost comes back with the same link; asked to, the past raises alerts.
        for gone in (copy, noise):
            assert gone.published_at
            name = write_name(config, OPINIONS, gone.published_at)
            await elasticsearch.delete(index=name, id=gone.id)
        replay = _replay("--from", before.isoformat(), "--to", end.isoformat(), "--alerts",
                         TINGCHAO_CONFIG=stricter)  # fmt: skip
        assert (await _result(replay))["written"] == 7
        await settled(config, endpoints, worker=worker)
        back = await _documents(elasticsearch, config)
        assert back[copy.id]["duplicate"]["of"] == first.origin_id
        assert back[noise.id]["duplicate"] is None
        assert back[repost.id]["duplicate"]["reason"] == "repost"
        assert await _raised(elasticsearch, config) == 1
        assert worker.stop() == 0, worker.log()
    found = await account(config, endpoints, elasticsearch)
    assert found.missing == [] and found.dead_letters == 2 and found.items == 7 + 3_000


def test_a_replay_must_say_what(endpoints: Endpoints) -> None:
    for arguments, said in (
        ((), "give a file, or --from TIME"),
        (("--from", "1h", "--to", "2h"), "is not before"),
        (("--from", "yesterday"), "not a time"),
    ):
        replay = _replay(*arguments)
        assert said in replay.communicate(timeout=60)[1] and replay.returncode == 1
