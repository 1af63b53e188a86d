"""Rules about many items on the real stack: told once, again when graver, as the dry run says."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.alert_store import AlertStore
from infra.settings import Settings
from infra.stack import Endpoints
from models.reloading import Reloading
from models.rule_file import RuleFile
from response.alert import alert_id
from response.life import mute
from schemas.base import content_id, encode
from schemas.yaml_file import load_yaml
from streams.context import Context
from streams.rules import Rules
from tests.builders import raw_item
from tests.integration.crawling import command, environment
from tests.integration.workers import Worker, settled

RULES = """\
version: 1
rules:
  - {id: rain, name: 暴雨反映集中, kind: threshold, where: {query: 雨水倒灌}, at: {IV: 5, III: 12}}
  - {id: words, name: 新词, kind: new_term, where: {query: 雨水倒灌}, window: 6h, at: {IV: 5},
     most: 1}
  - {id: up, name: 升级, kind: tier, at: {II: central}}
"""


def _file(path: Path) -> RuleFile:
    return load_yaml(path, RuleFile)


async def _dry_run(path: Path) -> list[dict[str, Any]]:
    done = await asyncio.to_thread(
        subprocess.run,
        command("rules", "dry-run", "--since", "1d", "--rules", str(path), "--json"),
        env=environment() | {"TINGCHAO_STACK": "external"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [orjson.loads(line) for line in done.stdout.splitlines()]


async def test_rules_speak_once_and_again_when_graver(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, "utf-8")
    errors: list[object] = []
    note: Callable[[object], None] = errors.append
    reloading = Reloading(path, _file, note)
    now = datetime.now(UTC)
    context = await Context.open(config, endpoints)
    rules = Rules(context, reloading)

    async def bring(first: int, last: int) -> None:
        for n in range(first, last):
            item = raw_item(
                f"rain-{n}", f"{n}号楼地下车库雨水倒灌，水深{n + 20}厘米，抽水泵坏了{n}台。",
                published_at=now - timedelta(minutes=n + 1), source=f"论坛{n}",
            )  # fmt: skip
            await producer.send_and_wait(f"{config.prefix}items.raw", encode(item))
        await settled(config, endpoints, worker=worker)
        await elasticsearch.indices.refresh(index=f"{config.prefix}*")

    store = AlertStore(elasticsearch, f"{config.prefix}alerts")
    key = alert_id(content_id("rule", "rain", ""))
    try:
        with Worker(tmp_path / "worker.log") as worker:
            for n in range(20):
                past = raw_item(f"past-{n}", f"小区第{n}栋绿化很好，地下车库也干净，水泵正常。",
                                published_at=now - timedelta(days=2, hours=n))  # fmt: skip
                await producer.send_and_wait(f"{config.prefix}items.raw", encode(past))
            await bring(0, 6)
            fired = {each.rule: each for each in await rules.round(now)}
            assert fired["rain"].level == "IV" and fired["rain"].items == 6
            assert "此前 14 天没有" in fired["words"].evidence
            assert await rules.round(now) == []
            await settled(config, endpoints, worker=worker)
            alert = (await store.get([key]))[key]
            assert (alert.alert.level, alert.alert.title) == ("IV", "暴雨反映集中")
            assert alert.alert.reasons[0].evidence == "1 小时内 6 条" and alert.alert.evidence
            # Muted, it wakes when its level rises; the rule is as it was.
            muted = mute(alert.alert, now + timedelta(days=1), "张三", "已派人", datetime.now(UTC))
            assert await store.save([type(alert)(muted, alert.seq_no, alert.primary_term)]) == []
            await bring(6, 13)
            assert [each.level for each in await rules.round(now)] == ["III"]
            await settled(config, endpoints, worker=worker)
            woken = (await store.get([key]))[key].alert
            assert woken.level == "III" and woken.muted_until is None
            dry = await _dry_run(path)
            assert {line["rule"] for line in dry} >= {"rain", "words"}
            # Read again when it changes; a broken change keeps what was in force.
            path.write_text(RULES.replace("IV: 5, III: 12", "IV: 500"), "utf-8")
            assert "rain" not in {line["rule"] for line in await _dry_run(path)}
            path.write_text("version: 3", "utf-8")
            assert len(reloading.current().rules) == 3 and len(errors) == 1
            assert worker.stop() == 0, worker.log()
    finally:
        await context.close()
