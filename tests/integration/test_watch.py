"""Watch topics on the real stack: added while it runs, marked, alerted, tried, removed."""

from __future__ import annotations

import asyncio
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from infra.stack import Endpoints
from schemas.base import encode
from tests.builders import raw_item
from tests.integration.crawling import command, environment
from tests.integration.workers import Worker, settled


async def _watch(*arguments: str, code: int = 0) -> str:
    done = await asyncio.to_thread(
        subprocess.run, command("watch", *arguments),
        env=environment() | {"TINGCHAO_STACK": "external"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return str(done.stdout + done.stderr)


async def test_a_watch_added_now_marks_what_comes_next(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    now = datetime.now(UTC)
    items = [
        raw_item("1", "南门路的梧桐树昨天被锯掉了三棵。", published_at=now),
        raw_item("2", "南门路的樟树长得很好。", published_at=now),
    ]
    with Worker(tmp_path / "worker.log") as worker:
        await worker.started()
        await _watch("add", "trees", "梧桐 (锯掉 OR 砍伐)", "--name", "行道树", "--level", "III")
        assert "exists" in await _watch("add", "trees", "樟树", code=1)
        assert "没有对应的右括号" in await _watch("add", "bad", "(樟树", code=1)
        stored = config.data / "watches.json"
        for _ in range(200):
            if stored.exists() and "trees" in stored.read_text("utf-8"):
                break
            await asyncio.sleep(0.1)
        for item in items:
            await producer.send_and_wait(f"{config.prefix}items.raw", encode(item))
        await settled(config, endpoints, worker=worker)
        await elasticsearch.indices.refresh(index=f"{config.prefix}*")
        found = await elasticsearch.search(index=f"{config.prefix}opinions")
        marked = {hit["_id"]: hit["_source"] for hit in found["hits"]["hits"]}
        assert marked[items[0].id]["watch"] == ["trees"]
        assert marked[items[0].id]["severity"]["level"] == "III"
        assert marked[items[1].id]["watch"] == []
        alerts = (await elasticsearch.search(index=f"{config.prefix}alerts"))["hits"]["hits"]
        assert [hit["_source"]["level"] for hit in alerts] == ["III"]
        assert any(r["rule"] == "watch-trees" for r in alerts[0]["_source"]["reasons"])
        assert "2 条中命中 1 条" in await _watch("try", "南门路 NEAR/8 樟树", "--since", "1d")
        assert "2 条中命中 1 条" in await _watch("try", "trees", "--since", "1d")
        assert '"trees"' in await _watch("list") and "power-cuts" in await _watch("list")
        await _watch("remove", "trees")
        assert "no watch topic" in await _watch("remove", "trees", code=1)
        assert worker.stop() == 0, worker.log()
