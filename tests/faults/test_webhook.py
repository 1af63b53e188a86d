"""A webhook that fails, hangs or asks to wait: recorded, and no other channel waits for it."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

import pytest
from aiohttp import web
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import PROJECT, Settings
from infra.stack import Endpoints
from schemas.base import encode
from tests.builders import signal
from tests.faults.checker import check_alerts
from tests.integration.workers import Worker, settled

pytestmark = pytest.mark.slow  # the one that hangs takes 5 × 10 s

CONTACTS = """
people:
  - {{id: office, name: 办公室, channels: [{{kind: inbox}}, {{kind: webhook, url: "{0}/fails"}},
      {{kind: webhook, url: "{0}/hangs"}}, {{kind: webhook, url: "{0}/later"}}]}}
roles:
  department_head: {{default: [office]}}
  office: {{default: [office]}}
  leading_group: {{default: [office]}}
  duty_officer: {{default: [office]}}
"""


async def test_bad_webhooks_are_recorded_and_hold_nobody_up(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    got: dict[str, list[str]] = {"fails": [], "hangs": [], "later": []}

    async def answer(request: web.Request) -> web.Response:
        name = request.path.strip("/")
        got[name].append(request.headers["webhook-id"])
        if name == "hangs":
            await over.wait()
        if name == "later" and got[name].count(got[name][-1]) > 1:
            return web.Response(status=204)
        return web.Response(status=429 if name == "later" else 500)

    over = asyncio.Event()
    app = web.Application()
    app.router.add_post("/{name}", answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    folder = tmp_path / "config"
    shutil.copytree(PROJECT / "config", folder)
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    (folder / "duty.yaml").unlink()
    (folder / "contacts.yaml").write_text(CONTACTS.format(address), "utf-8")
    monkeypatch.setenv("TINGCHAO_CONFIG", str(folder))
    monkeypatch.setenv("TINGCHAO_NOTIFY_RETRY_SECONDS", "0.2")
    try:
        with Worker(tmp_path / "worker.log", "alerts,notify") as worker:
            await worker.started()
            started = time.monotonic()
            topic = f"{config.prefix}signals"
            await producer.send_and_wait(topic, encode(signal("II", matter="m1")))
            await _receipt(elasticsearch, config, "inbox")
            await settled(config, endpoints, 30, worker, agents=["alerts", "notify"])
            assert time.monotonic() - started < 9  # nobody waits for the one that hangs
            await _over(elasticsearch, config, 120)
            assert worker.stop() == 0, worker.log()
    finally:
        over.set()
        await runner.cleanup()
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    receipts = await check_alerts(config, elasticsearch, addresses=3)
    raised = [r for r in receipts if r["kind"] == "raised"]
    states = sorted((r["channel"], r["status"], r["error"]) for r in raised)
    assert states == [
        ("inbox", "delivered", ""), ("webhook", "delivered", ""),
        ("webhook", "failed", "HTTP 500"), ("webhook", "failed", "TimeoutError"),
    ]  # fmt: skip
    assert len(set(got["fails"])) == 1 and len(got["fails"]) > 1  # tried again under one id


async def _over(client: AsyncElasticsearch, config: Settings, seconds: float) -> None:
    """Until nothing is tried again any more."""
    for _ in range(int(seconds * 2)):
        await client.indices.refresh(index=f"{config.prefix}deliveries")
        left = await client.count(
            index=f"{config.prefix}deliveries", query={"term": {"status": "retrying"}}
        )
        if not left["count"]:
            return
        await asyncio.sleep(0.5)
    raise AssertionError("still trying")


async def _receipt(client: AsyncElasticsearch, config: Settings, channel: str) -> None:
    for _ in range(300):
        await client.indices.refresh(index=f"{config.prefix}deliveries")
        found = await client.count(
            index=f"{config.prefix}deliveries", query={"term": {"channel": channel}}
        )
        if found["count"]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"no receipt on {channel}")
