"""The record of who did what, and what was sent: more than a page holds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

from elasticsearch import AsyncElasticsearch
from elasticsearch.helpers import async_bulk

from infra.indices import write_name
from infra.settings import Settings
from schemas.registry import AUDIT_LOG, DELIVERIES
from tests.integration.web import web

NOW = datetime.now(UTC)
OLDER = re.compile(r'href="([^"]+)">更早的<')


def pages(address: str, path: str) -> list[str]:
    found = [web.get(address + path, timeout=20).text]
    while link := OLDER.search(found[-1]):
        found.append(web.get(address + unescape(link[1]), timeout=20).text)
    return found


async def test_all_of_them_can_be_reached(
    config: Settings, console: str, elasticsearch: AsyncElasticsearch
) -> None:
    days = [NOW - timedelta(hours=number) for number in range(230)]
    lines = [
        {"_index": write_name(config, AUDIT_LOG, at), "_op_type": "create", "_id": f"line-{n:03}",
         "id": f"line-{n:03}", "at": at.isoformat(), "actor": "robot", "action": "export",
         "object": f"第{n:03}条", "outcome": "done", "note": "", "address": ""}
        for n, at in enumerate(days)
    ]  # fmt: skip
    sent = [
        {"_index": write_name(config, DELIVERIES, at), "_id": f"sent-{n:03}", "id": f"sent-{n:03}",
         "sent_at": at.isoformat(), "alert_id": "a-1", "recipient": "robot", "channel": "inbox",
         "kind": "opened", "status": "delivered", "subject": f"第{n:03}条"}
        for n, at in enumerate(days)
    ]  # fmt: skip
    await async_bulk(elasticsearch, lines + sent, refresh=True)
    every = [f"第{n:03}条" for n in range(230)]
    for path in ("/audit?actor=robot", "/deliveries?alert=a-1"):
        read = pages(console, path)
        assert [re.findall(r"第\d+条", page) for page in read] == [
            every[:100], every[100:200], every[200:],
        ]  # fmt: skip
        week = pages(console, f"{path}&since=7d")
        assert sum(len(re.findall(r"第\d+条", page)) for page in week) == 168 and len(week) == 2
        for wrong in ("cursor=eA", "cursor=%00", "since=soon"):
            assert web.get(f"{console}{path}&{wrong}", timeout=20).status_code == 400


async def test_an_act_is_on_record_at_once(console: str) -> None:
    for number in range(5):
        told = {"url": "", "words": f"群里在传第{number}件", "reporter": "张三"}
        assert web.post(f"{console}/intake", told, timeout=60).status_code == 200
        listed = web.get(f"{console}/audit?action=report", timeout=20).text
        assert listed.count("<tr>") == number + 2  # the heading's
        read = web.get(f"{console}/api/v1/audit-log", timeout=20).json()["items"]
        assert sum(line["action"] == "report" for line in read) == number + 1
