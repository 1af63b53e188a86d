"""The one checker: what was sent, and what became of each id. It counts for itself.

Each good id is exactly one document (or duplicate link), each bad message has a dead
letter and no good one has; nothing is its own duplicate; one alert per matter, and
nobody was told the same thing twice on one channel.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from schemas.base import encode
from tests.builders import raw_item

WORDS = ["电价", "停电", "充电桩", "补贴", "物业", "公交", "学校", "医院", "油价", "审批"]
BAD = b"{broken"


@dataclass
class Sent:
    good: set[str] = field(default_factory=set)  # ids of items
    bad: set[str] = field(default_factory=set)  # topic/partition/offset


async def send(
    producer: AIOKafkaProducer, config: Settings, count: int, bad_every: int = 50, seed: int = 7
) -> Sent:
    """Letters that differ, every so-manieth of them broken; all confirmed by the broker."""
    rnd, sent, futures = random.Random(seed), Sent(), []
    topic = f"{config.prefix}items.raw"
    for number in range(count):
        if number % bad_every == 0:
            futures.append((await producer.send(topic, BAD), None))
            continue
        text = f"第{number}号来信：" + "".join(rnd.choices(WORDS, k=30)) + str(rnd.random())
        item = raw_item(f"{seed}-{number}", text)
        futures.append((await producer.send(topic, encode(item)), item.id))
    await producer.flush()
    for future, key in futures:
        place = await future
        if key is None:
            sent.bad.add(f"{place.topic}/{place.partition}/{place.offset}")
        else:
            sent.good.add(key)
    return sent


async def check(
    config: Settings, kafka: str, client: AsyncElasticsearch, sent: Sent,
    refused: Iterable[str] = (),
) -> None:  # fmt: skip
    """`refused`: ids of items that Elasticsearch was made to refuse."""
    await client.indices.refresh(index=f"{config.prefix}*")
    found = await _all(client, f"{config.prefix}opinions", ["origin_id", "duplicate.of"])
    times = Counter(key for key, _ in found)
    assert {key for key, count in times.items() if count > 1} == set()
    assert sent.good - set(refused) - set(times) == set(), "lost"
    assert set(times) - sent.good == set(), "nobody sent these"
    assert set(times) & set(refused) == set()
    for _, source in found:
        duplicate = source.get("duplicate")
        assert not duplicate or duplicate["of"] != source["origin_id"], "its own duplicate"
    letters = await _letters(config, kafka)
    lost = sorted(sent.bad - set(letters))
    assert not lost, f"bad and without a dead letter: {len(lost)} of {len(sent.bad)}: {lost}"
    others = {position: key for position, key in letters.items() if position not in sent.bad}
    assert set(others.values()) <= set(refused), "a good item has a dead letter"
    records = await _all(client, f"{config.prefix}dead-letters", ["id"])
    assert {key for key, _ in records} == set(letters)
    await check_alerts(config, client)


async def check_alerts(
    config: Settings, client: AsyncElasticsearch, addresses: int = 1
) -> list[dict[str, Any]]:
    """One alert per matter; one receipt per notification and channel (of which a person may
    have several `addresses`). Gives the receipts."""
    alerts = await _all(client, f"{config.prefix}alerts", ["matter_id"])
    matters = Counter(source["matter_id"] for _, source in alerts)
    assert all(count == 1 for count in matters.values())
    wanted = ["notification_id", "recipient", "channel", "status", "error", "kind"]
    receipts = [source for _, source in await _all(client, f"{config.prefix}deliveries", wanted)]
    told = Counter((r["notification_id"], r["recipient"], r["channel"]) for r in receipts)
    assert all(count <= addresses for count in told.values())
    return receipts


async def _all(
    client: AsyncElasticsearch, index: str, fields: list[str]
) -> list[tuple[str, dict[str, Any]]]:
    point = (await client.open_point_in_time(index=index, keep_alive="1m"))["id"]
    found: list[tuple[str, dict[str, Any]]] = []
    after: dict[str, Any] = {}
    while True:
        answer = await client.search(
            pit={"id": point, "keep_alive": "1m"}, size=5_000, sort=["_shard_doc"],
            source_includes=fields, **after,
        )  # fmt: skip
        hits = answer["hits"]["hits"]
        if not hits:
            await client.close_point_in_time(id=point)
            return found
        found += [(hit["_id"], hit["_source"]) for hit in hits]
        after = {"search_after": hits[-1]["sort"]}


async def _letters(config: Settings, kafka: str) -> dict[str, str]:
    """position of the original -> id of the item, of every message on items.dead."""
    import orjson

    place = TopicPartition(f"{config.prefix}items.dead", 0)
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    found = {}
    try:
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, 0)
        while await consumer.position(place) < end:
            for record in (await consumer.getmany(place, timeout_ms=500)).get(place, []):
                facts = dict(record.headers)
                parts = [facts[f"__connect.errors.{n}"] for n in ("topic", "partition", "offset")]
                try:
                    key = str(orjson.loads(record.value)["id"])
                except (orjson.JSONDecodeError, KeyError, TypeError):
                    key = ""
                found[b"/".join(parts).decode()] = key
    finally:
        await consumer.stop()
    return found


async def until_documents(
    client: AsyncElasticsearch, config: Settings, count: int, alive: Any, seconds: float = 60
) -> None:
    """Until so many documents are there: the worker is at work."""
    for _ in range(int(seconds / 0.05)):
        found = await client.count(index=f"{config.prefix}opinions")
        if found["count"] >= count:
            return
        assert alive.process and alive.process.poll() is None, alive.log()
        await asyncio.sleep(0.05)
    raise AssertionError(alive.log())
