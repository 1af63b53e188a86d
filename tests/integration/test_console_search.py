"""Search as a visitor meets it: the language, what is counted, the files, and whose it is."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import requests
from elasticsearch import AsyncElasticsearch
from markupsafe import escape
from openpyxl import load_workbook

from console.actor import Actor
from console.search import Filters, search
from console.search_names import search_names
from infra.accounts import Account
from infra.settings import Settings
from models.words import cutter
from schemas.registry import OPINIONS
from tests.integration.inside import add_user
from tests.integration.test_console_sources import console as served
from tests.integration.web import Web, web


@pytest.fixture
def console(config: Settings, tmp_path: Path) -> Iterator[str]:
    with served(tmp_path / "config") as address:
        yield address


BLAST = "漳源化工园区发生爆炸 已致12人死亡"
BILL = "电价上涨太多了"


async def test_the_language_on_real_documents(
    landed: Account, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    names, dictionary = search_names(config.config), cutter(config.config / "userdict.txt")
    index = config.prefix + OPINIONS.alias

    async def titles(text: str, **filters: object) -> set[str]:
        found = await search(
            elasticsearch,
            index,
            text,
            Filters(**filters),
            dictionary,
            10,
            names=names,  # type: ignore[arg-type]
        )
        # Of the copies of one report the best match is shown, whichever that is.
        return {BLAST if "漳源" in (t := hit.source["title"]) else t for hit in found.hits}

    for text, wanted in (
        ("電價 上漲", {BILL}), ('"電價上漲"', {BILL}), ("电费", {BILL}),
        ("电价 OR 爆炸", {BILL, BLAST}),
        ("(电价 | 爆炸) -浓烟", {BILL}), ("渠道:论坛", {BILL}), ("渠道:新闻 标题:爆炸", {BLAST}),
        ("爆燃", {BLAST}), ('"爆燃"', set()), ("级别:>=重大 爆炸", {BLAST}), 
        ("级别:一般 爆炸", set()),
        ("电价 时间:7d", {BILL}), ("电价 时间:2001", set()), ("发布者:日报", {BLAST}),
        ("NOT 电价 渠道:论坛", set()), ("*:* OR 电价", {BILL}), ("股票", set()),
    ):  # fmt: skip
        assert await titles(text) == wanted, text
    energy = Actor("a", "a", frozenset({"department"}), frozenset({"energy"}))
    other = Actor("b", "b", frozenset({"department"}), frozenset({"nobody"}))
    assert await titles("电价", seen=tuple(energy.filters("departments.id"))) in ({BILL}, set())
    assert await titles("电价 OR 爆炸", seen=tuple(other.filters("departments.id"))) == set()
    for sort in ("relevance", "time", "severity", "heat", "nonsense"):
        found = await search(
            elasticsearch, index, "电价 OR 爆炸", Filters(), dictionary, 10, names=names, sort=sort
        )
        first = [hit.source["title"] for hit in found.hits]
        assert len(first) == 2 and (sort != "severity" or "漳源" in first[0])


def test_the_page_counts_narrows_and_says_what_is_wrong(landed: Account, console: str) -> None:
    page = web.get(f"{console}/search", params={"q": "电价 OR 爆炸"}, timeout=20)
    assert page.status_code == 200 and len(page.content) < 500_000
    assert "另有 2 条" in page.text
    narrow = re.search(r'href="(/search\?[^"]+)">论坛 1<', page.text)
    assert narrow, page.text
    fewer = web.get(console + narrow[1].replace("&amp;", "&"), timeout=20).text
    assert "<h2>检索结果 <small>1 条" in fewer
    hours = web.get(f"{console}/search?since=24h", timeout=20).text
    bars = re.findall(r'<a href="(/search\?[^"]+)"><title>[^<]+</title><rect class="reach"', hours)
    totals = [
        int(re.findall(r"<small>(\d+) 条", web.get(
            console + bar.replace("&amp;", "&"), timeout=20).text)[0])
        for bar in bars
    ]  # fmt: skip
    assert len(bars) > 1 and sum(totals) == 5  # every item lies in one bar
    for text in ('电价 "上涨', "(" * 100, " OR ".join("甲乙丙丁"[i % 4] for i in range(100)),
                 "nofield:x", "级别:<script>"):  # fmt: skip
        wrong = web.get(f"{console}/search", params={"q": text}, timeout=20)
        assert wrong.status_code == 400 and "个字处" in wrong.text, text
        assert "<script>" not in wrong.text
        assert f'value="{escape(text)}"' in wrong.text


async def test_what_was_found_as_a_file(
    landed: Account,
    console: str,
    config: Settings,
    elasticsearch: AsyncElasticsearch,
) -> None:
    evil = "=cmd|'/c calc'!A0 \x07电价"
    hit = (await elasticsearch.search(index=f"{config.prefix}opinions", size=1))["hits"]["hits"][0]
    await elasticsearch.index(
        index=hit["_index"], document=hit["_source"] | {"id": "e" * 32, "title": evil},
        id="e" * 32, refresh=True,
    )  # fmt: skip

    def export(kind: str, **asked: str) -> requests.Response:
        return web.get(f"{console}/search/export.{kind}", params=asked, timeout=30)

    answer = export("csv")
    assert answer.content.startswith(b"\xef\xbb\xbf") and "attachment" in str(answer.headers)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 6 and BILL in {row["标题"] for row in rows}
    assert [row["标题"] for row in rows if "calc" in row["标题"]] == ["'=cmd|'/c calc'!A0 电价"]
    book = load_workbook(io.BytesIO(export("xlsx").content), read_only=True)
    cells = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert len(cells) == 7 * 13 and not any(cell.data_type == "f" for cell in cells)
    lines = [orjson.loads(line) for line in export("jsonl", q="渠道:论坛").iter_lines()]
    assert [line["title"] for line in lines if line["id"] != "e" * 32] == [BILL]
    assert export("jsonl", q="股票").content == b""
    assert export("exe").status_code == 404 and export("csv", q="(").status_code == 400
    points = await elasticsearch.nodes.stats(metric="indices", index_metric="search")
    assert sum(node["indices"]["search"]["open_contexts"] for node in points["nodes"].values()) == 0


def test_what_nothing_is_called_is_said_and_breaks_nothing(console: str) -> None:
    for name in ("topic", "channel", "level"):
        for page in ("search", "search/export.csv", "search/export.jsonl"):
            answer = web.get(f"{console}/{page}", params={name: "a" * 33_000}, timeout=30)
            assert answer.status_code == 400 and "太长" in answer.text, (name, page)


def test_a_search_is_saved_shared_and_taken_away(console: str) -> None:
    asked = "q=电价+上涨&since=7d&page=3&csrf=x&unknown=1"
    add, own = f"{console}/search/saved/add", {"name": "电价<b>", "asked": asked}
    page = web.post(add, own, timeout=30).text
    link = re.search(r'href="/search\?([^"]+)">电价&lt;b&gt;', page)
    assert link and "page" not in link[1] and "csrf" not in link[1] and "since=7d" in link[1]
    assert web.get(f"{console}/search?{html.unescape(link[1])}", timeout=30).status_code == 200
    assert "设为关注主题" in page and web.post(add, own, timeout=30).status_code == 409
    assert web.post(add, {"name": "", "asked": asked}, timeout=30).status_code == 400
    assert web.post(add, {"name": "空", "asked": "page=2"}, timeout=30).status_code == 400
    web.post(add, {"name": "大家的", "asked": asked, "shared": "1"}, timeout=30)
    add_user("reader", "other words for tests", "--role", "viewer")
    other = Web().login(console, "reader", "other words for tests")
    theirs = other.get(f"{console}/search/saved", timeout=30).text
    assert "大家的" in theirs and "电价&lt;b&gt;" not in theirs and "删除" not in theirs
    assert other.post(add, own, timeout=30).status_code == 200
    assert other.post(add, own | {"shared": "1"}, timeout=30).status_code == 403
    assert web.post(add, {"name": "长", "asked": "q=" + "长" * 501}, timeout=30).status_code == 400
    key = re.search(r'name="id" value="(\w+)"', page)
    assert key
    remove = f"{console}/search/saved/remove"
    assert other.post(remove, {"id": key[1]}, timeout=30).status_code == 404
    assert "电价&lt;b&gt;" not in web.post(remove, {"id": key[1]}, timeout=30).text


@pytest.mark.usefixtures("landed")
async def test_what_comes_close_is_behind_a_page_that_is_just_full(
    console: str, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    index = config.prefix + OPINIONS.alias
    found = (await elasticsearch.search(index=index, size=1))["hits"]["hits"][0]
    for number, words in enumerate([*["停水 通知"] * 20, "停水 抢修"]):
        key = f"{number:032x}"
        text = words.replace(" ", "")
        copy = found["_source"] | {
            "id": key, "origin_id": key, "cluster_id": key, "title": text, "text": text,
            "words": words, "duplicate": None,
        }  # fmt: skip
        await elasticsearch.index(index=found["_index"], id=key, document=copy)
    await elasticsearch.indices.refresh(index=index)
    pages = [
        web.get(f"{console}/search", params={"q": "停水 通知", "page": page}, timeout=30).text
        for page in (1, 2, 3)
    ]
    shown = [re.findall(r'href="/items/(\w{32})"', page) for page in pages]
    assert len(shown[0]) == 20 and "下一页" in pages[0]
    assert shown[1] == [f"{20:032x}"]
    assert all("20 条" in page and "其后 1 条只含部分词语" in page for page in pages[:2])
    assert "下一页" not in pages[1] and shown[2] == [] and "没有更多了" in pages[2]
