"""Crawl and replay into the real broker: everything arrives, once, under its own key."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import msgspec
import orjson
import pytest
from aiokafka import TopicPartition
from aiokafka.structs import ConsumerRecord

from infra import clients
from infra.settings import PROJECT, Settings
from infra.stack import Endpoints
from schemas.raw_item import RawItem
from schemas.topics import RAW
from tests.integration.crawling import command, environment, site


async def records(config: Settings, endpoints: Endpoints) -> list[ConsumerRecord[bytes, bytes]]:
    """Everything that is in items.raw now."""
    consumer = clients.consumer(config, endpoints)
    await consumer.start()
    try:
        topic = config.prefix + RAW.name
        parts = [TopicPartition(topic, number) for number in range(RAW.partitions)]
        consumer.assign(parts)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(parts)
        found: list[ConsumerRecord[bytes, bytes]] = []
        while len(found) < sum(ends.values()):
            for batch in (await consumer.getmany(timeout_ms=1_000)).values():
                found += batch
        return found
    finally:
        await consumer.stop()


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=PROJECT, env=environment() | more, check=False,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


async def test_a_crawl_ends_when_all_items_are_confirmed(
    config: Settings, endpoints: Endpoints
) -> None:
    with site("demo-site") as address:
        done = run("crawl", "demo-hczx", "demo-zhsq", "--demo-url", address, "--json")
    assert done.returncode == 0, done.stderr
    told = sum(json.loads(line)["items"] for line in done.stdout.splitlines())
    found = await records(config, endpoints)
    items = [msgspec.json.decode(record.value or b"", type=RawItem) for record in found]
    assert len(items) == told > 500
    assert all(r.key == i.origin_id.encode() for r, i in zip(found, items, strict=True))
    assert len({item.id for item in items}) == len(items)


def test_a_crawl_without_a_broker_fails_clearly(config: Settings) -> None:
    with site("demo-site") as address:
        done = run(
            "crawl", "demo-hczx", "--demo-url", address, TINGCHAO_KAFKA_BOOTSTRAP="127.0.0.1:1"
        )
    assert done.returncode == 1
    assert "Kafka at 127.0.0.1:1" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


async def test_replay_sends_every_line_good_or_bad(
    config: Settings, endpoints: Endpoints, tmp_path: Path
) -> None:
    event = {"id": "x", "text": "停电", "time": 1347334462, "spread": [
        {"mid": f"m{n}", "parent": "", "author": "a", "time": "2012-09-16 15:05:11", "text": "转"}
        for n in range(5_000)
    ]}  # fmt: skip
    lines = [orjson.dumps(event), b"{broken", b'{"text": "\xe7\x94\xb5\xe4\xbb\xb7"}', b"\xff"]
    path = tmp_path / "with spaces.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n".join(lines)))
    done = run("replay", str(path), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["messages"] == 5_004
    values = [record.value for record in await records(config, endpoints)]
    assert len(values) == 5_004
    assert {b"{broken", b"\xff"} <= set(values)


@pytest.mark.parametrize("content", [b"\x1f\x8bnot gzip at all", None])
def test_replay_of_an_unreadable_file_is_one_line(
    config: Settings, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "x.gz"
    if content:
        path.write_bytes(content)
    done = run("replay", str(path))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1 and "x.gz" in done.stderr
