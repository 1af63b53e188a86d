"""Handing in, rules, watch topics, dead letters and deliveries in the console."""

from __future__ import annotations

import html
import re
from pathlib import Path

import orjson
import requests
from elasticsearch import AsyncElasticsearch

from infra.accounts import Account
from infra.settings import Settings
from infra.stack import Endpoints
from tests.integration.test_console_sources import console as console_with
from tests.integration.test_console_sources import draft_of
from tests.integration.test_publish import records
from tests.integration.web import web

REPORT = {
    "department": "能源处", "reporter": "李四", "title": "某变电站故障", "place": "漳源县",
    "subjects": "供电公司", "scope": "三个乡镇", "time": "2026-03-01T08:00",
    "content": "变电站故障，三个乡镇停电。<script>alert(1)</script>", "urgency": "重大",
}  # fmt: skip


def post(url: str, data: object, **more: object) -> requests.Response:
    return web.post(url, data=data, timeout=90, **more)  # type: ignore[arg-type]


async def test_what_people_saw_is_handed_in(
    console: str, config: Settings, endpoints: Endpoints,
) -> None:  # fmt: skip
    page = web.get(f"{console}/intake?url=https://example.org/1&words=群里在传", timeout=30)
    assert "https://example.org/1" in page.text and "群里在传" in page.text
    wrong = post(f"{console}/intake", {"reporter": "张三", "words": "", "url": ""})
    assert wrong.status_code == 422 and "链接或说明" in wrong.text and "张三" in wrong.text
    words = "长" * 19_000
    taken = post(f"{console}/intake", {"reporter": "张三", "words": f"小区又停电了\n{words}"})
    assert taken.status_code == 200 and "小区又停电了" in taken.text, taken.text
    broken = post(f"{console}/intake/report", REPORT | {"time": "2999-01-01T00:00"})
    assert broken.status_code == 422 and "请检查：时间" in broken.text
    assert "&lt;script&gt;" in broken.text and "<script>" not in broken.text
    done = post(f"{console}/intake/report", REPORT)
    assert done.status_code == 200 and "已立即通知办公室" in done.text, done.text
    found = [orjson.loads(record.value or b"") for record in await records(config, endpoints)]
    assert [item["source"] for item in found] == ["intake.console"] * 2
    assert any(item["text"].endswith(words) for item in found)
    assert post(f"{console}/intake", b"a" * 3_000_000).status_code == 413


def test_rules_are_checked_tried_and_saved(config: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    with console_with(folder) as address:
        page = web.get(f"{address}/rules/rules", timeout=30).text
        text, seen = draft_of(page).lstrip("\n"), re.search(r'name="seen" value="(\w+)"', page)
        assert seen and text == (folder / "rules.yaml").read_text("utf-8")
        given = {"text": text.replace("\n", "\r\n"), "seen": seen[1]}
        assert "格式正确" in post(f"{address}/rules/rules/check", given).text
        bad = post(f"{address}/rules/rules/save", given | {"text": text + "\n  - {id: x}\n<b>"})
        assert bad.status_code == 422 and "rules.yaml, line" in bad.text and "{id: x}" in bad.text
        assert str(folder) not in bad.text and "<b>" not in html.unescape(bad.text[:200])
        tried = post(f"{address}/rules/rules/try", given | {"since": "7d"})
        assert tried.status_code == 200 and "共 0 次" in tried.text, tried.text
        wrong = post(f"{address}/rules/rules/try", given | {"since": "gestern"})
        assert wrong.status_code == 422
        mine = given | {"text": text + "\n# 甲改的\n"}
        saved = post(f"{address}/rules/rules/save", mine)
        assert "已保存" in saved.text and "# 甲改的" in (folder / "rules.yaml").read_text("utf-8")
        late = post(f"{address}/rules/rules/save", given | {"text": text + "\n# 乙改的\n"})
        assert late.status_code == 409 and "+# 甲改的" in late.text and "# 乙改的" in late.text
        assert "# 乙改的" not in (folder / "rules.yaml").read_text("utf-8")
        renewed = re.search(r'name="seen" value="(\w+)"', late.text)
        assert renewed
        again = {"text": text + "\n# 甲改的\n# 乙改的\n", "seen": renewed[1]}
        assert "已保存" in post(f"{address}/rules/rules/save", again).text
        for name in ("severity", "routing", "duty", "watch"):
            page = web.get(f"{address}/rules/{name}", timeout=30).text
            given = {"text": draft_of(page).lstrip("\n"), "seen": ""}
            told = post(f"{address}/rules/{name}/check", given)
            assert "格式正确" in told.text, told.text
        for path in ("/rules/nope", "/rules/..%2Fsecret"):
            assert web.get(address + path, timeout=30).status_code in (404, 405)


async def test_watch_topics_and_dead_letters(
    landed: Account, console: str, config: Settings,
    elasticsearch: AsyncElasticsearch,
) -> None:  # fmt: skip
    asked = {"query": "电价 -演练", "name": "电价", "level": "III"}
    assert "条中命中" in post(f"{console}/watches/try", asked).text
    broken = post(f"{console}/watches/try", asked | {"query": "(电价"})
    assert broken.status_code == 422 and "(电价" in broken.text
    added = post(f"{console}/watches/add", asked)
    assert added.status_code == 200 and "电价 -演练" in added.text
    assert post(f"{console}/watches/add", asked).status_code == 409
    key = re.search(r'name="id" value="(\w+)"', added.text)
    assert key
    assert "电价 -演练" not in post(f"{console}/watches/remove", {"id": key[1]}).text
    assert post(f"{console}/watches/remove", {"id": key[1]}).status_code == 404
    page = web.get(f"{console}/dead-letters", timeout=30).text
    ids = re.findall(r'name="id" value="([^"]+)"', page)
    assert len(ids) == 6
    first = web.get(f"{console}/dead-letters/{ids[0]}", timeout=30)
    assert first.status_code == 200 and ids[0] in first.text
    assert post(f"{console}/dead-letters/settle", {"action": "drop"}).status_code == 400
    dropped = post(f"{console}/dead-letters/settle", {"action": "drop", "id": ids[:2]})
    assert "放弃 2 条" in dropped.text
    again = post(f"{console}/dead-letters/settle", {"action": "drop", "id": ids[:1]})
    assert "已由别人处理 1 条" in again.text
    sent = post(f"{console}/dead-letters/settle", {"action": "replay", "id": ids[2:4]})
    assert "重新发送 2 条" in sent.text, sent.text
    assert web.get(f"{console}/dead-letters/nope", timeout=30).status_code == 404
    told = web.get(f"{console}/deliveries?status=delivered", timeout=30)
    assert told.status_code == 200 and "送达记录" in told.text
