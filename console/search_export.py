"""What a search found as a file: CSV, Excel or JSON lines, read a page at a time and bounded."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator
from typing import Any
from unicodedata import category

import orjson
from elasticsearch import AsyncElasticsearch
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

LIMIT = 50_000  # documents of a file
PAGE = 500
KEEP = "2m"
LONGEST = 32_000  # characters of a cell; Excel takes 32 767
Pages = AsyncIterator[list[dict[str, Any]]]
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
COLUMNS = ("编号", "发布时间", "来源", "渠道", "标题", "正文", "话题", "处室", "态度", "级别",
           "严重度", "地点", "网址")  # fmt: skip
_FORMULA = frozenset("=+-@＝＋－＠\t\r\n")
# They count also after what nobody sees (marks of direction and the like), and after what some
# countries' spreadsheets take for the border between two cells.
_BORDERS = frozenset(';,|"，；')
_UNSEEN = frozenset(("Cf", "Cc", "Mn", "Me", "Zs", "Zl", "Zp"))


async def documents(
    client: AsyncElasticsearch, index: str, query: dict[str, Any], limit: int = LIMIT
) -> Pages:
    """Pages of documents as they stood when the first was asked for, the latest first."""
    point = (await client.open_point_in_time(index=index, keep_alive=KEEP))["id"]
    after: list[Any] | None = None
    left = limit
    try:
        while left > 0:
            answer = await client.search(
                pit={"id": point, "keep_alive": KEEP}, query=query, size=min(PAGE, left),
                sort=[{"published_at": "desc"}, {"_shard_doc": "asc"}], track_total_hits=False,
                source_excludes=["words", "models", "trace"], search_after=after,
            )  # fmt: skip
            point = answer.get("pit_id", point)
            hits = answer["hits"]["hits"]
            if not hits:
                return
            yield [hit["_source"] for hit in hits]
            after, left = hits[-1]["sort"], left - len(hits)
    finally:
        await client.options(ignore_status=404).close_point_in_time(id=point)


async def begun(pages: Pages) -> Pages:
    """The same pages, the first of them read."""
    first = await anext(pages, None)

    async def found() -> Pages:
        if first is not None:
            yield first
        async for page in pages:
            yield page

    return found()


def cell(value: object) -> str:
    """As text that no spreadsheet takes for a formula."""
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value if value is not None else ""))[:LONGEST]
    for sign in text:
        if sign in _FORMULA:
            return "'" + text
        if sign not in _BORDERS and category(sign) not in _UNSEEN:
            break
    return text


def row(it: dict[str, Any]) -> list[str]:
    places = "、".join(place["text"] for place in it.get("places", []))
    return [
        cell(value) for value in (
            it["id"], it["published_at"], it.get("publisher") or it["source"], it["channel"],
            it.get("title"), it.get("text"), "、".join(t["label"] for t in it.get("topics", [])),
            "、".join(d["id"] for d in it.get("departments", [])), it["attitude"]["label"],
            it["severity"]["level"], it["severity"]["score"], places, it.get("url"),
        )
    ]  # fmt: skip


def _rows(page: list[dict[str, Any]]) -> list[list[str]]:
    return [row(it) for it in page]


async def csv_of(pages: Pages) -> AsyncIterator[bytes]:
    """With a byte order mark, or Excel reads Chinese wrongly."""
    yield b"\xef\xbb\xbf" + _lines([list(COLUMNS)])
    async for page in pages:
        yield _lines([row(it) for it in page])


def _lines(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


async def jsonl_of(pages: Pages) -> AsyncIterator[bytes]:
    async for page in pages:
        yield b"".join(orjson.dumps(it, option=orjson.OPT_APPEND_NEWLINE) for it in page)


async def xlsx_of(pages: Pages) -> AsyncIterator[bytes]:
    """Excel's format has its directory at the end: written to a file of its own, then sent."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("检索结果")
    sheet.append(COLUMNS)
    async for page in pages:
        # Other pages are answered meanwhile.
        for cells in await asyncio.to_thread(_rows, page):
            sheet.append(cells)
    with tempfile.TemporaryFile() as file:
        await asyncio.to_thread(book.save, file)
        file.seek(0)
        while part := file.read(1 << 16):
            yield part


WRITERS = {"csv": csv_of, "jsonl": jsonl_of, "xlsx": xlsx_of}
