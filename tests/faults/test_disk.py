"""The disk is full: Elasticsearch turns its indices read-only, the stream waits and goes on."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import AsyncElasticsearch

from infra import clients
from infra.settings import Settings
from infra.setup import prepare
from infra.stack.local import LocalStack
from tests.faults.checker import check, send, until_documents
from tests.integration.workers import Worker, settled

pytestmark = pytest.mark.slow
SIZE, JUNK = 3 << 30, 2600 << 20  # bytes; Elasticsearch stops writing at 500 MB left


@pytest.fixture
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tingchao-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("mounting a tmpfs needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


async def _blocked(client: AsyncElasticsearch, config: Settings) -> bool:
    found = await client.indices.get_settings(
        index=f"{config.prefix}opinions*", name="index.blocks.*", flat_settings=True
    )
    return any(each["settings"] for each in found.values())


async def _until(client: AsyncElasticsearch, config: Settings, blocked: bool) -> None:
    for _ in range(150):
        if await _blocked(client, config) is blocked:
            return
        await asyncio.sleep(1)
    raise AssertionError(f"blocked is not {blocked}")


async def test_a_full_disk_holds_up_and_loses_nothing(
    small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Settings()
    config = base.model_copy(update={"data": small_disk, "prefix": "disk-", "stack": "local"})
    servers = LocalStack(config)
    endpoints = await asyncio.to_thread(servers.up, lambda *_: None)
    for name, value in {
        "PREFIX": "disk-", "STACK": "external", "KAFKA_BOOTSTRAP": endpoints.kafka,
        "ELASTICSEARCH_URL": endpoints.elasticsearch, "DATA": str(small_disk),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"TINGCHAO_{name}", value)
    client, producer = clients.elasticsearch(config, endpoints), clients.producer(config, endpoints)
    try:
        await prepare(config, endpoints)
        await producer.start()
        sent = await send(producer, config, 1_000)
        with Worker(tmp_path / "worker.log") as worker:
            await until_documents(client, config, 300, worker)
            junk = os.open(small_disk / "junk", os.O_CREAT | os.O_WRONLY)
            os.posix_fallocate(junk, 0, JUNK)
            os.close(junk)
            await _until(client, config, blocked=True)
            more = await send(producer, config, 3_000, seed=8)
            await asyncio.sleep(10)
            (small_disk / "junk").unlink()
            await _until(client, config, blocked=False)
            await settled(config, endpoints, 180, worker)
            assert worker.stop() == 0, worker.log()
        sent.good |= more.good
        sent.bad |= more.bad
        await check(config, endpoints.kafka, client, sent)
    finally:
        await producer.stop()
        await client.close()
        await asyncio.to_thread(servers.down)
