"""The page of one item, and corrections: seen, kept, exported, and not lost to a replay (C12)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.accounts import Account
from infra.settings import PROJECT, Settings
from infra.stack import Endpoints
from schemas.base import encode
from tests.builders import raw_item
from tests.integration.conftest import good_items
from tests.integration.crawling import command, environment
from tests.integration.inside import add_user
from tests.integration.test_console_sources import console as served
from tests.integration.web import PASSWORD, Web, web
from tests.integration.workers import Worker, settled

FIRST, COPY, _, BILL, NOISE = good_items()


@pytest.fixture
def console(config: Settings, tmp_path: Path) -> Iterator[str]:
    with served(tmp_path / "config") as address:
        yield address


def _page(console: str, key: str) -> str:
    answer = web.get(f"{console}/items/{key}", timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.text


def _version(page: str, name: str) -> str:
    found = re.search(
        rf'name="field" value="{name}"><input [^>]*name="version" value="(.*?)"', page
    )
    assert found
    return found[1]


def _correct(console: str, key: str, name: str, *values: str, who: Web = web, **more: str) -> Any:
    form = [("csrf", who.token), ("field", name), *(("value", v) for v in values), *more.items()]
    return super(Web, who).post(f"{console}/items/{key}/correct", form, timeout=10)


def _tingchao(*arguments: str) -> list[Any]:
    done = subprocess.run(
        command(*arguments), cwd=PROJECT, env=environment() | {"TINGCHAO_STACK": "external"},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return [orjson.loads(line) for line in done.stdout.splitlines()]


async def _document(client: AsyncElasticsearch, config: Settings, key: str) -> dict[str, Any]:
    await client.indices.refresh(index=f"{config.prefix}*")
    found = await client.search(index=f"{config.prefix}opinions", query={"ids": {"values": [key]}})
    return dict(found["hits"]["hits"][0]["_source"])


async def test_an_item_shows_what_speaks_for_each_judgement(
    landed: Account, console: str, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    page = _page(console, FIRST.id)
    stored = await _document(elasticsearch, config, FIRST.id)
    for topic in stored["topics"]:
        assert f"{100 * topic['confidence']:.0f}%" in page
        assert all(word in page for word in topic["evidence"][:6])
    assert re.search(r'<mark class="mark-\w+" title="[^"]*">爆炸', page)
    assert "死亡 12，受伤 30，失联 2" in page
    assert all(f"{reason['points']:+g}" in page for reason in stored["severity"]["reasons"])
    assert all(version in page for version in stored["models"].values())
    assert f"/items/{COPY.id}" in page and "<del>一家</del>" in page and "<ins>某</ins>" in page
    assert re.search(r'href="/events/[0-9a-f]{32}">事件', page) and 'href="/alerts/' in page
    listed = web.get(f"{console}/search?q=爆炸", timeout=10).text  # of copies the best match
    assert re.search(f'href="/items/({FIRST.id}|{COPY.id})"', listed)
    private = _page(console, BILL.id)
    assert "13812345678" not in private and "11010519491231002X" not in private
    assert web.get(f"{console}/items/nope", timeout=10).status_code == 404


async def test_a_correction_is_kept_against_everything(
    landed: Account, console: str, config: Settings, endpoints: Endpoints,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    before = await _document(elasticsearch, config, BILL.id)
    page, seen = _page(console, BILL.id), _version(_page(console, BILL.id), "level")
    assert seen == "" and before["severity"]["level"] != "III"
    done = _correct(console, BILL.id, "level", "III", version=seen, note="<b>涉及面广</b>")
    assert done.status_code == 200 and "&lt;b&gt;涉及面广" in done.text and "<b>涉" not in done.text

    # The second person sees what changed, and what they typed is still there.
    late = _correct(console, BILL.id, "level", "I", version=seen, note="我也看过了")
    assert late.status_code == 409 and "已在您打开页面之后更正过" in late.text
    assert "我也看过了" in late.text and '<option value="I" selected>' in late.text
    assert (await _document(elasticsearch, config, BILL.id))["severity"]["level"] == "III"
    again = _correct(console, BILL.id, "level", "II", version=_version(late.text, "level"))
    assert again.status_code == 200

    for name, values in (("topic", ["health"]), ("attitude", ["positive"]),
                         ("place", ["浙江省杭州市"]), ("department", ["none"])):  # fmt: skip
        assert _correct(console, BILL.id, name, *values, version="").status_code == 200, name
    for name, value in (("topic", "nonsense"), ("level", "V"), ("place", "火星"), ("title", "x")):
        bad = _correct(console, BILL.id, name, value, version="", note="别丢了这句")
        assert bad.status_code == 422 and (name == "title" or "别丢了这句" in bad.text), name

    async def holds() -> None:
        found = await _document(elasticsearch, config, BILL.id)
        assert [topic["label"] for topic in found["topics"]] == ["health"]
        assert found["severity"]["level"] == "II" and found["attitude"]["label"] == "positive"
        assert found["departments"] == [] and found["places"][0]["code"] == "330100"

    await holds()
    (done_again,) = _tingchao("replay", "--from", "1d", "--json")
    assert done_again["written"] >= 5
    await holds()
    found = web.get(f"{console}/search?q=电价&topic=health", timeout=10).text
    assert f"/items/{BILL.id}" in found

    # Taken back, what the models say stands again.
    page = _page(console, BILL.id)
    back = _correct(console, BILL.id, "topic", version=_version(page, "topic"))
    assert back.status_code == 200
    _tingchao("replay", "--from", "1d", "--json")
    assert (await _document(elasticsearch, config, BILL.id))["topics"] == before["topics"]

    rows = _tingchao("corrections")
    assert {(row["field"], row["label"]) for row in rows} == {
        ("level", "II"), ("attitude", "positive"), ("place", "330100"), ("department", "none"),
    }  # fmt: skip
    assert all("13812345678" not in row["text"] and "电价上涨" in row["text"] for row in rows)
    (record,) = _tingchao("corrections", "--field", "level", "--format", "records")
    assert record["old"] == [before["severity"]["level"]] and record["history"][0]["values"]
    audit = web.get(f"{console}/audit?action=correct", timeout=10).text
    assert audit.count(BILL.id) >= 6


async def test_who_may_see_and_who_may_correct(
    landed: Account, console: str, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    owners = [d["id"] for d in (await _document(elasticsearch, config, FIRST.id))["departments"]]
    assert owners and "credit" not in owners
    add_user("viewer", PASSWORD, "--role", "viewer")
    add_user("li", PASSWORD, "--role", "analyst", "--department", "credit")
    viewer, stranger = Web().login(console, "viewer"), Web().login(console, "li")
    assert "更正 <small>" not in viewer.get(f"{console}/items/{FIRST.id}", timeout=10).text
    assert _correct(console, FIRST.id, "level", "IV", who=viewer, version="").status_code == 403
    assert stranger.get(f"{console}/items/{FIRST.id}", timeout=10).status_code == 404
    assert _correct(console, FIRST.id, "level", "IV", who=stranger, version="").status_code == 404
    assert (await _document(elasticsearch, config, FIRST.id))["severity"]["level"] != "IV"
    assert FIRST.id in web.get(f"{console}/audit?outcome=refused", timeout=10).text


async def test_hostile_and_huge_texts(
    console: str, config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    old = raw_item("evil", "<script>alert(1)</script>爆炸" + "长" * 150_000,
                   title='"><img src=x onerror=alert(1)>', url="javascript:alert(1)")  # fmt: skip
    new = raw_item("evil", "<script>alert(1)</script>爆炸已处置" + "长" * 150_000, title="二")
    for item in (old, new):
        await producer.send_and_wait(f"{config.prefix}items.raw", encode(item), partition=0)
    with Worker(tmp_path / "worker.log") as worker:
        await settled(config, endpoints, worker=worker)
        assert worker.stop() == 0, worker.log()
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    for item, change in ((old, "<del>已处置</del>"), (new, "<ins>已处置</ins>")):
        page = _page(console, item.id)
        assert "<script>alert" not in page and "<img" not in page
        assert 'href="javascript' not in page, "an address that is no page is no link"
        assert "只显示前" in page and len(page.encode()) < 500_000
        assert "其他版本" in page and change in page
