"""The REST API on real documents: lists, pages of them, one, and what is wrong."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import msgspec

from console.api.overview_records import Overview
from console.api.resources import RESOURCES
from infra.accounts import Account
from infra.settings import Settings
from tests.integration.test_console_sources import console
from tests.integration.web import web


def test_records_are_listed_read_and_described(
    landed: Account, config: Settings, tmp_path: Path
) -> None:
    with console(tmp_path / "config") as address:
        root = f"{address}/api/v1"
        described = web.get(f"{root}/openapi.json", timeout=20).json()
        assert described["openapi"] == "3.1.0"
        for name in RESOURCES:
            assert {f"/api/v1/{name}", f"/api/v1/{name}/{{id}}"} <= described["paths"].keys()
        for name, resource in RESOURCES.items():
            answer = web.get(f"{root}/{name}", timeout=20)
            assert answer.status_code == 200, (name, answer.text)
            for item in answer.json()["items"]:
                msgspec.convert(item, resource.index.record, strict=False)
                one = f"{root}/{name}/{quote(item[resource.key])}"
                got = web.get(one, timeout=20)
                assert got.status_code == 200 and got.json() == item
                tag = {"if-none-match": got.headers["etag"]}
                for known in (tag, {"if-none-match": "*"}):
                    assert web.get(one, headers=known, timeout=20).status_code == 304
        every, word = [], ""
        while word is not None:
            asked = {"limit": "2", "cursor": word}
            page = web.get(f"{root}/opinions", params=asked, timeout=20).json()
            every += [item["id"] for item in page["items"]]
            word = page["next"]
        assert len(every) == len(set(every)) == 5
        found = web.get(f"{root}/opinions", params={"q": "渠道:论坛"}, timeout=20).json()
        assert [item["title"] for item in found["items"]] == ["电价上涨太多了"]
        assert len(web.get(f"{root}/dead-letters", timeout=20).json()["items"]) == 6
        told = web.get(f"{root}/overview", timeout=20)
        assert told.status_code == 200, told.text
        now = msgspec.json.decode(told.content, type=Overview)
        assert (now.today.items, now.today.dead_letters) == (5, 6) and now.usual is None
        assert sum(now.today.by_hour) == sum(now.today.channels.values()) == 5
        assert now.alerts.open == len(now.alerts.gravest) == 1 and now.sources == []
        assert [each.event.items for each in now.events] == [3]
        for path, status in (
            ("/opinions?limit=0", 400), ("/opinions?limit=x", 400), ("/opinions?limit=9999", 400),
            ("/opinions?cursor=zzz", 400), ("/opinions?cursor=W3t9LDFd", 400),
            ("/opinions?cursor=WyJ4IiwieCJd", 400), ("/opinions?q=(", 400), ("/nothing", 404),
            ("/alerts/nope", 404), ("/opinions/" + "a" * 3_000, 404),
        ):  # fmt: skip
            wrong = web.get(root + path, timeout=20)
            assert wrong.status_code == status, (path, wrong.text)
            assert wrong.headers["content-type"] == "application/problem+json"
            assert wrong.json()["status"] == status and wrong.json()["detail"]
