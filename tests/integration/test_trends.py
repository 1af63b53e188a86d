"""Heat, phases, forecasts, hotspots and similar events on the real Elasticsearch."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from elasticsearch import AsyncElasticsearch

from infra.indices import write_name
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.alert import Alert
from schemas.event import Event, Sample, Tally
from schemas.opinion import Opinion
from schemas.registry import ALERTS, EVENTS, OPINIONS, TRENDS
from streams.context import Context
from streams.hotspots import Hotspots
from streams.trends import Trends
from tests.integration.crawling import tingchao
from tests.integration.web import web
from tests.integration.workers import Worker

NOW = datetime.now(UTC).replace(minute=30, second=0, microsecond=0)
HOUR = int(NOW.timestamp() // 3600)
CASCADE = [int(400 / (1 + age) ** 1.3) for age in range(30)]


@pytest.fixture
async def context(config: Settings, endpoints: Endpoints) -> AsyncIterator[Context]:
    found = await Context.open(config, endpoints)
    yield found
    await found.close()


def event(key: str, words: str, counts: list[int], days: float = 0, **fields: object) -> Event:
    """One whose last hour, the last of `counts`, was `days` ago."""
    last = HOUR - int(days * 24)
    hours = {last - len(counts) + 1 + at: n for at, n in enumerate(counts) if n}
    end = NOW - timedelta(days=days)
    base: dict[str, Any] = {
        "id": key, "title": words.replace(" ", ""), "words": words, "keywords": words.split(),
        "first_at": end - timedelta(hours=len(counts) - 1), "last_at": end, "updated_at": end,
        "items": sum(counts), "hours": hours, "level": "II", "score": 70.0, "topics": ["safety"],
        "channels": [Tally(label="weibo", count=sum(counts))],
        "sources": [Tally(label="微博", count=sum(counts))],
    }  # fmt: skip
    return Event(**(base | fields))


def opinion(number: int, when: datetime, **fields: Any) -> Opinion:
    base: dict[str, Any] = {
        "id": f"{number:032x}", "origin_id": f"{number:032x}", "cluster_id": f"{number:032x}",
        "source": "论坛", "channel": "forum", "fetched_at": when, "published_at": when,
        "indexed_at": when, "words": "居民 反映 日常",
    }  # fmt: skip
    return Opinion(**(base | fields))


async def store(client: AsyncElasticsearch, config: Settings, index: Any, records: list) -> None:
    operations: list[dict[str, Any]] = []
    for record in records:
        when = record.published_at if index is OPINIONS else None
        place = {"_index": write_name(config, index, when), "_id": record.id}
        operations += [{"index": place}, orjson.loads(msgspec.json.encode(record))]
    answer = await client.bulk(operations=operations, refresh=True)
    assert not answer["errors"], answer["items"][0]


async def trend_of(client: AsyncElasticsearch, config: Settings, key: str) -> dict[str, Any]:
    await client.indices.refresh(index=write_name(config, TRENDS))
    return dict((await client.get(index=write_name(config, TRENDS), id=key))["_source"])


async def test_trends_follow_the_events(
    config: Settings, context: Context, elasticsearch: AsyncElasticsearch
) -> None:
    await store(elasticsearch, config, EVENTS, [
        event("hot", "化工 爆炸 漳源", [*CASCADE, 2]), event("new", "电价 上涨", [2, 5]),
        event("old", "停水 通知", [50, 9], days=9),
    ])  # fmt: skip
    timer = Trends(context)
    assert await timer.tick(NOW) == 2  # the old one is over
    assert await timer.tick(NOW) == 0
    hot = await trend_of(elasticsearch, config, "hot")
    assert hot["phase"] == "decline" and len(hot["forecast"]["hourly"]) == 24
    await store(elasticsearch, config, EVENTS, [event("new", "电价 上涨", [2, 5, 30])])
    assert await timer.tick(NOW + timedelta(seconds=5)) == 1
    assert (await trend_of(elasticsearch, config, "new"))["phase"] == "outbreak"
    # A worker that starts reads all again; a clock set back does not stop it.
    await store(elasticsearch, config, EVENTS, [event("new", "电价 上涨", [2, 5, 30, 90])])
    again = Trends(context)
    assert await again.tick(NOW + timedelta(minutes=1)) == 2
    assert (await trend_of(elasticsearch, config, "new"))["items"] == 127
    await store(elasticsearch, config, EVENTS, [event("new", "电价 上涨", [2, 5, 30, 90, 5])])
    assert await again.tick(NOW - timedelta(hours=5)) >= 1
    assert (await trend_of(elasticsearch, config, "new"))["items"] == 132


async def test_one_worker_at_a_time_leads(context: Context) -> None:
    one, two = Trends(context), Trends(context)
    two.lease.owner = "other/1"
    assert await one.lease.leads(NOW) and not await two.lease.leads(NOW)
    assert await two.lease.leads(NOW + timedelta(minutes=1))


async def test_a_worker_runs_the_timer(
    config: Settings, elasticsearch: AsyncElasticsearch, tmp_path: Path
) -> None:
    await store(elasticsearch, config, EVENTS, [event("hot", "化工 爆炸", [*CASCADE, 2])])
    with Worker(tmp_path / "worker.log", "trends") as worker:
        await worker.started()
        for _ in range(150):
            if await elasticsearch.exists(index=write_name(config, TRENDS), id="hot"):
                break
            await asyncio.sleep(0.2)
        assert (await trend_of(elasticsearch, config, "hot"))["heat"] > 0, worker.log()
        assert worker.stop() == 0, worker.log()


async def test_hotspots_stand_out_of_their_own_past(
    config: Settings, context: Context, elasticsearch: AsyncElasticsearch
) -> None:
    now = datetime.now(UTC)  # the command asks the clock too
    topic = [{"label": "prices", "confidence": 0.9}]
    past = [
        opinion(at * 10 + n, now - timedelta(hours=at), source=source)
        for at in range(1, 24 * 8) for n, source in enumerate(("论坛", "日报"))
    ]  # fmt: skip
    told = [
        msgspec.convert(msgspec.to_builtins(opinion(
            10**6 + n, now - timedelta(minutes=2), words="电价 上涨 居民", source="论坛",
        )) | {"topics": topic}, Opinion, strict=False)
        for n in range(40)
    ]  # fmt: skip
    late = [  # fetched now, published over the last days
        opinion(2 * 10**6 + n, now - timedelta(hours=n + 2), fetched_at=now, source="日报")
        for n in range(40)
    ]
    odd = [opinion(3 * 10**6 + n, now + timedelta(days=40), source="未来") for n in range(40)]
    await store(elasticsearch, config, OPINIONS, past + told + late + odd)
    timer = Hotspots(context)
    found = {(each.kind, each.key): each for each in await timer.tick(now)}
    assert ("source", "论坛") in found and ("source", "日报") not in found
    assert ("source", "未来") not in found
    assert found["source", "论坛"].observed >= 40 and found["source", "论坛"].expected < 3
    assert ("word", "电价") in found and ("word", "居民") not in found
    assert await timer.tick(now + timedelta(seconds=5)) == []
    await elasticsearch.indices.refresh(index=f"{config.prefix}hotspots*")
    again = await timer.tick(now + timedelta(seconds=61))
    assert ("source", "论坛") in {(each.kind, each.key) for each in again}
    shown = tingchao("hotspots")
    assert "论坛" in shown and "电价" in shown and "日报" not in shown
    lines = [orjson.loads(line) for line in tingchao("hotspots", "--json").splitlines()]
    assert {"source", "word"} == {line["kind"] for line in lines}
    assert "没有" in tingchao("hotspots", "--kind", "topic")


async def test_the_page_of_an_event_and_its_like_in_the_archive(
    config: Settings, context: Context, elasticsearch: AsyncElasticsearch,
    console: str,
) -> None:  # fmt: skip
    own = "a" * 32
    words = "化工 爆炸 园区 漳源 <b>"
    await store(elasticsearch, config, EVENTS, [
        event(own, words, [*CASCADE, 2], places=["330100"], first_source="微博"),
        event("b" * 32, "化工 爆炸 园区 青岛", [30, 60, 8], days=5),
        event("c" * 32, "球赛 晋级 决赛", [30, 9], days=5, topics=[], level="none"),
    ])  # fmt: skip
    opened = NOW - timedelta(days=5)
    alert = Alert(id="d" * 32, matter_id="b" * 32, title="青岛", level="II", status="closed",
                  opened_at=opened, updated_at=opened,
                  acknowledged_at=opened + timedelta(minutes=12),
                  closed_at=opened + timedelta(hours=30))  # fmt: skip
    await store(elasticsearch, config, ALERTS, [alert])
    await Trends(context).tick(NOW)
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    page = web.get(f"{console}/events/{own}", timeout=10)
    assert page.status_code == 200 and "<script>" not in page.text and "<b>" not in page.text
    for part in ("消退期", "<svg", "预测", "80%", "杭州", "青岛", "12 分钟", "1.2 天", "微博"):
        assert part in page.text, part
    assert "球赛" not in page.text
    assert web.get(f"{console}/events/nope", timeout=10).status_code == 404
    home = web.get(f"{console}/", timeout=10).text
    assert f"/events/{own}" in home and "热度" in home
    shown = tingchao("similar", own)
    assert "青岛" in shown and "12 分钟" in shown and "球赛" not in shown
    (line,) = [orjson.loads(line) for line in tingchao("similar", own, "--json").splitlines()]
    assert line["event"]["id"] == "b" * 32 and line["course"]["outcome"] == "closed"
    assert "没有这个事件" in tingchao("similar", "nope", code=1)
    # What the timer has not looked at yet has a page as well.
    await store(elasticsearch, config, EVENTS, [event("e" * 32, "停水", [6])])
    young = web.get(f"{console}/events/{'e' * 32}", timeout=10)
    assert young.status_code == 200 and re.search("还没有|暂无", young.text)


async def test_the_spread_path_of_an_event(
    config: Settings, elasticsearch: AsyncElasticsearch,
    console: str,
) -> None:  # fmt: skip
    pytest.importorskip("models.spread_path", reason="this release has no model of spread paths")
    root = opinion(1, NOW - timedelta(hours=3), title="通报")
    reposts = [
        opinion(2 + n, NOW - timedelta(hours=2), parent_id=root.origin_id, root_id=root.origin_id)
        for n in range(3)
    ]
    await store(elasticsearch, config, OPINIONS, [root, *reposts])
    sample = Sample(id=root.id, source="论坛", published_at=NOW, title="通报")
    await store(elasticsearch, config, EVENTS, [event("e" * 32, "通报", [4], samples=[sample])])
    page = web.get(f"{console}/events/{'e' * 32}", timeout=10).text
    assert "传播路径" in page and "转发 1 层" in page
