"""Alerts on the real stack: merged, assigned, reported to the end; and the auditor of the steps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.alert_store import AlertStore, Stored
from infra.indices import write_name
from infra.settings import Settings
from infra.stack import Endpoints
from response.alert import alert_id, on_signal
from response.plan import load_plan
from schemas.alert import Notification, decode_notification
from schemas.base import encode
from schemas.registry import ALERTS
from schemas.topics import NOTIFICATIONS
from streams.context import Context
from streams.deadlines import Deadlines
from streams.notify import Notify
from streams.reloading import alert_plan
from streams.step_audit import StepAudit
from tests.builders import signal
from tests.integration.crawling import tingchao
from tests.integration.workers import Worker

HOUR = timedelta(hours=1)


async def test_two_alerts_become_one_and_everybody_hears_to_the_end(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    topic, first, second = f"{config.prefix}signals", alert_id("m1"), alert_id("m2")
    with Worker(tmp_path / "worker.log", "alerts,notify,deadlines") as worker:
        await worker.started()
        await producer.send_and_wait(topic, encode(signal("I", matter="m1")))
        await producer.send_and_wait(topic, encode(signal("II", matter="m2", items=5)))
        await _receipts(elasticsearch, config, 2, worker)
        assert "反过来" in tingchao("alerts", "merge", second, first, code=1)
        assert "共 8 条" in tingchao("alerts", "merge", first, second, "--as", "张三")
        await _receipts(elasticsearch, config, 3, worker)  # both were told to the office
        # The merged matter grows: the first alert counts it, and nothing is raised anew.
        await producer.send_and_wait(topic, encode(signal("II", matter="m2", items=9)))
        for _ in range(600):
            shown = orjson.loads(tingchao("alerts", "show", first, "--json"))
            if shown["items"] == 12:
                break
            await asyncio.sleep(0.1)
        assert shown["items"] == 12 and shown["status"] == "open"
        assert orjson.loads(tingchao("alerts", "show", second, "--json"))["merged_into"] == first
        assert "no person" in tingchao("alerts", "assign", first, "nobody", code=1)
        tingchao("alerts", "assign", first, "duty", "--as", "张三")
        tingchao("alerts", "comment", first, "已派人，联系电话13812345678", "--as", "张三")
        tingchao("alerts", "resolve", first, "--note", "已澄清", "--as", "张三")
        found = await _receipts(elasticsearch, config, 6, worker)
        assert worker.stop() == 0
    kinds = sorted((d["kind"], d["recipient"]) for d in found)
    assert kinds == [
        ("assigned", "duty"), ("final", "duty"), ("final", "office"),
        ("merged", "office"), ("raised", "office"), ("raised", "office"),
    ]  # fmt: skip
    text = tingchao("alerts", "report", first)
    assert "首报 第 1 号" in text and "终报 第 2 号" in text and "条数：3 → 12" in text
    assert "已澄清" in text and "13812345678" not in text and "〈手机号〉" in text
    shown = tingchao("alerts", "show", first)
    assert "路线 major" in shown and "交办 duty" in shown and "assigned" not in shown


async def _receipts(
    client: AsyncElasticsearch, config: Settings, count: int, worker: Worker
) -> list[dict[str, str]]:
    index = f"{config.prefix}deliveries"
    for _ in range(150):
        await client.indices.refresh(index=index)
        hits = (await client.search(index=index, size=100))["hits"]["hits"]
        if len(hits) >= count:
            return [hit["_source"] for hit in hits]
        assert worker.process and worker.process.poll() is None, worker.log()
        await asyncio.sleep(0.1)
    raise AssertionError([(hit["_source"]["kind"], hit["_source"]["recipient"]) for hit in hits])


async def test_the_auditor_says_when_a_step_did_not_run_or_has_no_receipt(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch
) -> None:
    plan = load_plan(config.config)
    now = datetime.now(UTC)
    alert, told, _ = on_signal(None, signal("III"), plan.routing, plan.contacts, now, plan.duty)
    assert alert and told
    context = await Context.open(config, endpoints)
    try:
        await AlertStore(elasticsearch, write_name(config, ALERTS)).save([Stored(alert)])
        await elasticsearch.indices.refresh(index=f"{config.prefix}*")
        audit = StepAudit(context, alert_plan(config.config))
        assert await audit.audit(now) == []
        # The first step fired, but nobody delivered it; the second one is due and did not fire.
        found = await audit.audit(now + HOUR)
        assert sorted((f.what, f.why) for f in found) == [
            ("step 1", "fired, no receipt"), ("step 2", "not fired"),
        ]  # fmt: skip
        said = await _told(config, endpoints)
        assert [(n.kind, n.recipient) for n in said] == [("operator", "office")]
        assert "step 2" in said[0].body and alert.title in said[0].body
        # Delivered, and the timer runs: nothing is left to say.
        await _deliver(context, config, told)
        await Deadlines(context).tick(now + HOUR)
        escalated = [n for n in await _told(config, endpoints) if n.kind == "escalated"]
        await _deliver(context, config, escalated)
        await elasticsearch.indices.refresh(index=f"{config.prefix}*")
        assert await audit.audit(now + HOUR + HOUR / 2) == []
    finally:
        await context.close()


async def _deliver(context: Context, config: Settings, told: list[Notification]) -> None:
    notify = Notify(context, alert_plan(config.config))
    await notify.start()
    await notify._settle(told)
    await notify.stop()


async def _told(config: Settings, endpoints: Endpoints) -> list[Notification]:
    from infra.records import records

    found = records(config, endpoints, NOTIFICATIONS)
    return [decode_notification(record.value) async for record in found]
