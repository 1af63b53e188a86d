"""doctor, status, backup, restore and reindex on the real stack while traffic goes on."""

from __future__ import annotations

import asyncio
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra import dump
from infra.alert_store import AlertStore
from infra.audit import keep, total
from infra.indices import install
from infra.reindex import following, reindex
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.errors import UserError
from tests.faults.checker import check, send, until_documents
from tests.integration.crawling import command, environment
from tests.integration.workers import Worker, settled


async def _tingchao(*arguments: str, code: int = 0, **more: str) -> str:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments), env=environment() | {"TINGCHAO_STACK": "external"} | more,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    done = await asyncio.to_thread(run)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


async def _doctor(code: int = 0, **more: str) -> dict[str, dict[str, Any]]:
    lines = (await _tingchao("doctor", "--json", code=code, **more)).splitlines()
    return {line["name"]: line for line in map(orjson.loads, lines)}


async def test_doctor_finds_nothing_wrong_and_what_was_made_wrong(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch, tmp_path: Path
) -> None:
    found = await _doctor()
    assert {check["state"] for check in found.values()} <= {"ok", "warn"}, found
    for name in ("Kafka", "主题", "Elasticsearch", "映射", "时钟", "模型", "severity.yaml"):
        assert found[name]["state"] == "ok", found[name]
    name = f"{config.prefix}events-000001"
    await elasticsearch.indices.delete(index=name)
    other = {"properties": {"title": {"type": "date"}}}
    await elasticsearch.indices.create(index=name, mappings=other)
    wrong = (await _doctor(code=1))["映射"]
    assert wrong["state"] == "fail" and "title" in wrong["found"] and "reindex" in wrong["remedy"]
    (tmp_path / "severity.yaml").write_text("version: 2\n")
    broken = (await _doctor(code=1, TINGCHAO_CONFIG=str(tmp_path)))["severity.yaml"]
    assert broken["state"] == "fail" and "line 1" in broken["found"]
    away = await _doctor(code=1, TINGCHAO_KAFKA_BOOTSTRAP="127.0.0.1:1",
                         TINGCHAO_ELASTICSEARCH_URL="http://127.0.0.1:1")  # fmt: skip
    assert away["Kafka"]["state"] == away["Elasticsearch"]["state"] == "fail"
    assert away["Kafka"]["remedy"]


async def test_status_says_how_things_stand(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    sent = await send(producer, config, 200)
    with Worker(tmp_path / "worker.log") as worker:
        await settled(config, endpoints, worker=worker)
        await elasticsearch.indices.refresh(index=f"{config.prefix}*")
        now = datetime.now(UTC)
        await keep(config, elasticsearch, total([], now, now))
        await elasticsearch.indices.refresh(index=f"{config.prefix}audits")
        found = orjson.loads(await _tingchao("status", "--json"))
        assert found["documents"] == len(sent.good) and found["dead_letters"] == len(sent.bad)
        assert all(len(hosts) == 1 for hosts in found["workers"].values())
        assert set(found["lag"].values()) == {0} and found["audit"]["missing"] == 0
        assert "待处理死信" in await _tingchao("status")
        assert worker.stop() == 0, worker.log()


async def test_a_backup_taken_under_load_comes_back_and_replaces_nothing_newer(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    folder = tmp_path / "backup"
    sent = await send(producer, config, 6_000)
    with Worker(tmp_path / "worker.log") as worker:
        await until_documents(elasticsearch, config, 300, worker)
        await _tingchao("backup", str(folder))
        assert "is not empty" in (await _failing("backup", str(folder)))
        await settled(config, endpoints, 120, worker)
        manifest = dump.check(folder)
        kept = sum(p.documents for p in manifest.parts if p.index.startswith("opinions"))
        assert 300 <= kept <= len(sent.good)
        # One document is newer than the backup, one is lost: only the lost one comes back.
        name = f"{config.prefix}opinions-2026.03"
        hits = (await elasticsearch.search(index=name, size=2, sort="indexed_at"))["hits"]["hits"]
        newer, lost = hits[0], hits[1]["_id"]
        await elasticsearch.index(
            index=name, id=newer["_id"], document=newer["_source"] | {"publisher": "新"},
            version=10**15, version_type="external",
        )  # fmt: skip
        await elasticsearch.delete(index=name, id=lost)
        assert "已恢复" in await _tingchao("restore", str(folder))
        assert (await elasticsearch.get(index=name, id=newer["_id"]))["_source"][
            "publisher"
        ] == "新"
        assert worker.stop() == 0, worker.log()
    (folder / manifest.parts[0].file).write_bytes(b"other")
    assert "damaged" in await _failing("restore", str(folder))


async def test_a_backup_restores_into_an_empty_installation(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    folder, home, fresh = tmp_path / "backup", tmp_path / "home", f"{config.prefix}r-"
    sent = await send(producer, config, 500)
    with Worker(tmp_path / "worker.log") as worker:
        await settled(config, endpoints, worker=worker)
        assert worker.stop() == 0, worker.log()
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    await _tingchao("backup", str(folder))
    places = {
        "TINGCHAO_PREFIX": fresh, "TINGCHAO_DATA": str(home),
        "TINGCHAO_CONFIG": str(tmp_path / "conf"),
    }  # fmt: skip
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "severity.yaml").write_text("mine\n")
    await _tingchao("restore", str(folder), "--files", **places)
    await elasticsearch.indices.refresh(index=f"{fresh}*")
    assert (await elasticsearch.count(index=f"{fresh}opinions"))["count"] == len(sent.good)
    assert (await elasticsearch.count(index=f"{fresh}dead-letters"))["count"] == len(sent.bad)
    assert (tmp_path / "conf" / "severity.yaml.before").read_text() == "mine\n"
    assert (tmp_path / "conf" / "severity.yaml").read_text("utf-8").startswith("#")


async def _failing(*arguments: str) -> str:
    done = await asyncio.to_thread(
        subprocess.run, command(*arguments),
        env=environment() | {"TINGCHAO_STACK": "external"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    return str(done.stderr)


async def test_a_reindex_under_load_loses_no_write(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    sent = await send(producer, config, 9_000)
    with Worker(tmp_path / "worker.log") as worker:
        await until_documents(elasticsearch, config, 300, worker)
        for alias in ("opinions", "events", "alerts", "leases", "opinions"):
            assert "写入等待" in await _tingchao("reindex", alias)
        await settled(config, endpoints, 120, worker)
        assert worker.stop() == 0, worker.log()
    await check(config, endpoints.kafka, elasticsearch, sent)
    names = list(await elasticsearch.indices.get_alias(name=f"{config.prefix}opinions"))
    assert f"{config.prefix}opinions_2026.03_v3" in names
    assert len(await elasticsearch.indices.get_alias(name=f"{config.prefix}events")) == 1
    await install(elasticsearch, config)  # the next start finds all in order


async def test_who_read_before_the_switch_is_told_that_it_changed(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch
) -> None:
    from infra.alert_store import Stored
    from response.alert import on_signal
    from response.routing import Contacts, Routing
    from schemas.yaml_file import load_yaml
    from tests.builders import signal

    routing = load_yaml(config.config / "routing.yaml", Routing)
    contacts = load_yaml(config.config / "contacts.yaml", Contacts)
    alert, _, _ = on_signal(None, signal("III"), routing, contacts, datetime.now(UTC))
    assert alert
    store = AlertStore(elasticsearch, f"{config.prefix}alerts")
    assert await store.save([Stored(alert)]) == []
    (held,) = (await store.get([alert.id])).values()
    await reindex(config, elasticsearch, "alerts", lambda *_: None)
    assert await store.save([held]) == [alert.id]
    (again,) = (await store.get([alert.id])).values()
    assert await store.save([again]) == []


def test_a_damaged_backup_and_a_name_that_follows() -> None:
    assert following("p-events-000001") == "p-events_000001_v2"
    assert following("p-opinions_2026.11_v2") == "p-opinions_2026.11_v3"
    with pytest.raises(UserError, match="no backup"):
        dump.check(Path("/nonexistent"))
