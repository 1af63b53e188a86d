"""Messages on real local servers: mail, WeCom, DingTalk, Feishu, webhooks that fail and hang."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import PROJECT, Settings
from infra.stack import Endpoints
from response.durations import CHINA
from schemas.analysis import Reason
from schemas.base import encode
from schemas.event import Signal
from tests.builders import signal
from tests.integration.receivers import certificate, http, mail, proxy
from tests.integration.workers import Worker

KEY = "secret-token-of-the-robot"
ROLES = {name: {"default": ["boss"]} for name in ("department_head", "office", "duty_officer")}


def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: list[dict[str, Any]]) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(PROJECT / "config", folder)
    (folder / "duty.yaml").unlink()
    contacts = {"people": people, "roles": ROLES | {"leading_group": {"default": ["boss"]}}}
    (folder / "contacts.yaml").write_text(yaml.safe_dump(contacts), "utf-8")
    monkeypatch.setenv("TINGCHAO_CONFIG", str(folder))
    monkeypatch.setenv("TINGCHAO_NOTIFY_RETRY_SECONDS", "0.2")
    return folder


def _person(*channels: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "boss", "name": "负责人", "channels": list(channels), **more}


def _signal(level: str = "II", matter: str = "m1") -> Signal:
    found = signal(level, matter=matter)  # type: ignore[arg-type]
    found.event.places = ["330102"]
    found.event.subjects = ["某化工公司"]
    evidence = "12 人死亡，联系人电话 13812345678"
    found.event.reasons = [Reason(rule="grade-II", points=60, evidence=evidence)]
    return found


class _Receipts:
    def __init__(self, client: AsyncElasticsearch, config: Settings, worker: Worker) -> None:
        self._client, self._index, self._worker = client, f"{config.prefix}deliveries", worker

    async def until(
        self, ready: Callable[[list[dict[str, Any]]], bool], seconds: float = 40
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for _ in range(int(seconds * 5)):
            await self._client.indices.refresh(index=self._index)
            answer = await self._client.search(index=self._index, size=500)
            found = [hit["_source"] for hit in answer["hits"]["hits"]]
            if ready(found):
                return found
            assert self._worker.process and self._worker.process.poll() is None
            await asyncio.sleep(0.2)
        raise AssertionError((found, self._worker.log()))

    async def let_go(self, end: datetime) -> None:
        """The quiet hours end: what is held is due since `end`."""
        answer = await self._client.search(index=self._index, query={"term": {"status": "held"}})
        operations: list[dict[str, Any]] = []
        for hit in answer["hits"]["hits"]:
            assert datetime.fromisoformat(hit["_source"]["next_at"]) > end
            operations.append({"update": {"_index": hit["_index"], "_id": hit["_id"]}})
            operations.append({"doc": {"next_at": end.isoformat()}})
        await self._client.bulk(operations=operations)


def _states(found: list[dict[str, Any]], kind: str = "raised") -> dict[str, str]:
    return {d["channel"]: d["status"] for d in found if d["kind"] == kind}


Send = Callable[[Signal], Awaitable[Any]]


@pytest.fixture
def send(config: Settings, producer: AIOKafkaProducer) -> Send:
    return lambda found: producer.send_and_wait(f"{config.prefix}signals", encode(found))


async def test_mail_and_the_chat_robots_get_the_whole_message_and_no_secret_is_written_down(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch, send: Send,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async with mail() as (post, address), http(certificate(tmp_path)) as robots, \
            proxy(robots.address) as (way, asked):  # fmt: skip
        secret = tmp_path / "feishu"
        secret.write_text(f"feishu://{KEY}?verify=no\n")
        monkeypatch.setenv("MAIL", f"mailto://{address}?from=a@example.org&to=b@example.org")
        monkeypatch.setenv("WECOM", f"wecombot://{KEY}?verify=no")
        monkeypatch.setenv("DING", f"dingtalk://abcdef{KEY.replace('-', '')}?verify=no")
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, way)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "127.0.0.1,localhost")
        urls = ({"url_env": "MAIL"}, {"url_env": "WECOM"}, {"url_env": "DING"},
                {"url_file": str(secret)})  # fmt: skip
        person = _person(*({"kind": "apprise", **url} for url in urls))
        _config(tmp_path, monkeypatch, [person])
        with Worker(tmp_path / "worker.log", "alerts,notify") as worker:
            await worker.started()
            await send(_signal())
            receipts = _Receipts(elasticsearch, config, worker)
            found = await receipts.until(lambda r: len(_states(r)) == 4 and not _going(r))
            assert worker.stop() == 0
            written = worker.log()
        assert _states(found) == dict.fromkeys(
            ("mailto", "wecombot", "dingtalk", "feishu"), "delivered"
        )
        hosts = {host.split(":")[0] for host in asked}
        assert hosts == {"qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn"}
        (subject, to, text) = post.got[0]
        assert to == ["b@example.org"] and subject == "【Ⅱ级 重大】新预警：某县化工厂爆炸"
        facts = ("浙江省杭州市上城区", "涉及主体：某化工公司", "传播范围：3 条", "事故等级 II",
                 "Ⅱ级 重大（70 分）", "前发布权威信息", "原因正在核实", "/alerts/")  # fmt: skip
        for part in facts:
            assert part in text, part
        assert "13812345678" not in text and "〈手机号〉" in text
        (_, wecom) = robots.got["/cgi-bin/webhook/send"][0]
        assert "涉及主体" in json.loads(wecom)["text"]["content"]
        assert "某县化工厂爆炸" in robots.got["/robot/send"][0][1].encode().decode("unicode_escape")
        for kept in (written, json.dumps(found)):
            assert KEY not in kept and KEY.replace("-", "") not in kept


async def test_refused_in_the_body_of_200_is_a_failure_and_the_backup_is_used(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch, send: Send,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async with mail() as (post, address), http(certificate(tmp_path)) as robots, \
            proxy(robots.address) as (way, _):  # fmt: skip
        robots.answers["/cgi-bin/webhook/send"] = [(200, {}, {"errcode": 93000})]
        monkeypatch.setenv("MAIL", f"mailto://{address}?from=a@example.org&to=b@example.org")
        monkeypatch.setenv("WECOM", f"wecombot://{KEY}?verify=no")
        monkeypatch.setenv("HTTPS_PROXY", way)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        channels = [{"kind": "apprise", "url_env": "WECOM"},
                    {"kind": "apprise", "url_env": "MAIL", "backup": True}]  # fmt: skip
        _config(tmp_path, monkeypatch, [_person(*channels, language="en")])
        with Worker(tmp_path / "worker.log", "alerts,notify") as worker:
            await worker.started()
            await send(_signal())
            receipts = _Receipts(elasticsearch, config, worker)
            found = await receipts.until(lambda r: len(_states(r)) == 2 and not _going(r))
        assert _states(found) == {"wecombot": "failed", "mailto": "delivered"}
        failed = next(d for d in found if d["channel"] == "wecombot")
        assert failed["error"] == "errcode 93000" and failed["attempts"] == 1
        assert post.got[0][0] == "[Level II (major)] New alert: 某县化工厂爆炸"
        assert "Place: 浙江省杭州市上城区" in post.got[0][2]


async def test_a_dead_channel_is_left_alone_and_hanging_ones_hold_nobody(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch, send: Send,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async with http() as hooks:
        hooks.answers["/fails"] = [(500, {}, {})]
        hooks.answers["/later"] = [(429, {"Retry-After": "2"}, {}), (200, {}, {})]
        hooks.hanging.add("/hangs")
        urls = [f"http://{hooks.address}{path}" for path in ("/fails", "/later", "/hangs", "/good")]
        _config(tmp_path, monkeypatch,
                [_person(*({"kind": "webhook", "url": url} for url in urls))])  # fmt: skip
        with Worker(tmp_path / "worker.log", "alerts,notify") as worker:
            await worker.started()
            for number in range(80):  # more than a batch, all to the one that hangs, too
                await send(_signal(matter=f"m{number}"))
            receipts = _Receipts(elasticsearch, config, worker)
            # Long before the first of those that hang has timed out.
            await receipts.until(lambda r: _count(r, "good", "delivered") == 80, 8)
            found = await receipts.until(lambda r: _count(r, "later", "delivered") == 80)
            assert all("HTTP 500" in d["error"] for d in found if d["address"].endswith("/fails"))
            found = await receipts.until(lambda r: _count(r, "fails", "failed") == 80)
            # Fallen back on the console, each once.
            found = await receipts.until(lambda r: _count(r, "", "delivered", "inbox") == 80)
        waited = [b - a for a, b in _pairs(hooks)]
        assert waited and min(waited) >= 2  # as Retry-After asked
        # 80 × 5 attempts would be 400: it was left alone when it had failed a few times in a row.
        assert len(hooks.got["/fails"]) < 120
        health = await elasticsearch.search(index=f"{config.prefix}channels")
        dead = [hit["_source"] for hit in health["hits"]["hits"] if hit["_source"]["dead_since"]]
        assert any(each["error"] == "HTTP 500" for each in dead)


async def test_what_a_killed_worker_had_in_hand_the_next_one_carries(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch, send: Send,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async with http() as hooks:
        hooks.answers["/hook"] = [(503, {"Retry-After": "4"}, {}), (200, {}, {})]
        url = f"http://{hooks.address}/hook"
        _config(tmp_path, monkeypatch, [_person({"kind": "webhook", "url": url})])
        monkeypatch.setenv("TINGCHAO_KAFKA_SESSION_SECONDS", "6")
        with Worker(tmp_path / "worker.log", "alerts,notify") as worker:
            await worker.started()
            await send(_signal())
            receipts = _Receipts(elasticsearch, config, worker)
            await receipts.until(lambda r: any(d["error"] == "HTTP 503" for d in r))
            worker.kill()
            worker.start()
            await worker.started(2)
            found = await receipts.until(lambda r: _states(r) == {"webhook": "delivered"})
        assert [d["attempts"] for d in found] == [2] and len(hooks.got["/hook"]) == 2
        assert len({headers["webhook-id"] for headers, _ in hooks.got["/hook"]}) == 1


def _pairs(hooks: Any) -> list[tuple[float, float]]:
    """When the first message to /later came, and when it came again."""
    ids = [headers["webhook-id"] for headers, _ in hooks.got["/later"]]
    times = hooks.times["/later"]
    return [(times[0], times[ids.index(ids[0], 1)])]


async def test_quiet_hours_hold_small_matters_for_one_digest_and_never_a_grave_one(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch, send: Send,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    now = datetime.now(CHINA)
    begin, end = now - timedelta(hours=1), now + timedelta(hours=1)
    quiet = {"from": begin.strftime("%H:%M"), "to": end.strftime("%H:%M")}
    async with http() as hooks:
        url = f"http://{hooks.address}/hook"
        _config(tmp_path, monkeypatch, [_person({"kind": "webhook", "url": url}, quiet=quiet)])
        with Worker(tmp_path / "worker.log", "alerts,notify") as worker:
            await worker.started()
            for number in range(3):
                await send(_signal("III", matter=f"small{number}"))
            await send(_signal("I", matter="grave"))
            receipts = _Receipts(elasticsearch, config, worker)
            await receipts.until(lambda r: sum(d["status"] == "held" for d in r) == 3)
            await receipts.until(lambda r: any(d["status"] == "delivered" for d in r), 10)
            assert len(hooks.got["/hook"]) == 1
            await receipts.let_go(now)
            found = await receipts.until(
                lambda r: (
                    any(d["kind"] == "digest" and d["status"] == "delivered" for d in r)
                    and all(d["digest"] for d in r if d["status"] == "held")
                )
            )
        bodies = [json.loads(body) for _, body in hooks.got["/hook"]]
        assert [b["kind"] for b in bodies] == ["raised", "digest"]
        assert bodies[0]["level"] == "I" and "3 条" in bodies[1]["subject"]
        held = [d for d in found if d["status"] == "held"]
        assert len(held) == 3 and all(d["next_at"] is None for d in held)


def _going(found: list[dict[str, Any]]) -> bool:
    return any(d["status"] == "retrying" for d in found)


def _count(found: list[dict[str, Any]], path: str, status: str, channel: str = "webhook") -> int:
    return sum(
        d["channel"] == channel and d["status"] == status and d["kind"] == "raised"
        and d["address"].endswith(path)
        for d in found
    )  # fmt: skip
