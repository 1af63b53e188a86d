"""A row to a RawItem, or what is wrong with it: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from crawlers.extract.counts import amount
from crawlers.extract.times import parse_time
from crawlers.items import author_hash, make_item
from crawlers.posts import plain
from crawlers.sources import Source
from crawlers.tables.read import Row
from schemas.base import content_id
from schemas.raw_item import MAX_TEXT, Author, Channel, Counts, Provenance, RawItem, origin_id

CHANNELS = {
    "新闻": "news", "论坛": "forum", "博客": "blog", "微博": "weibo", "微信": "wechat",
    "热搜": "hot", "来信": "letter", "信件": "letter", "邮件": "letter", "来电": "call",
    "电话": "call", "热线": "call", "12345": "call", "来访": "visit", "走访": "visit",
    "干部职工": "staff", "合作单位": "partner", "其他": "other",
} | {name: name for name in get_args(Channel)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    number: int
    column: str
    value: str
    reason: str


def row_item(
    row: Row, mapping: Mapping[str, str], source: Source, key: bytes, now: datetime, collector: str
) -> RawItem | Fault:  # fmt: skip
    """The item of a row. `key` keys the hashes of persons' names."""
    if row.error:
        return Fault(row.number, "", "", row.error)

    def value(field: str) -> str:
        return row.values.get(mapping.get(field, ""), "").strip()

    def fault(field: str, reason: str) -> Fault:
        return Fault(row.number, mapping.get(field, ""), value(field)[:100], reason)

    title, text = value("title"), plain(value("text"))
    if not title and not text:
        return fault("text", "没有标题也没有内容")
    if len(text) > MAX_TEXT:
        return fault("text", f"内容超过 {MAX_TEXT} 字")
    published = None
    if value("published_at"):
        published = parse_time(value("published_at"), now)
        if published is None:
            return fault("published_at", "时间看不懂")
    channel = source.channel
    if value("channel"):
        named = CHANNELS.get(value("channel").lower())
        if named is None:
            return fault("channel", "不认识的渠道")
        channel = named
    url = value("url")
    if url and not url.startswith(("http://", "https://")):
        url = ""
    for name, field in (("地点", "place"), ("涉及", "subjects")):
        if value(field) and value(field) not in text:
            text = f"{text}\n{name}：{value(field)}"
    thing = value("id") or url or content_id(title, text, value("published_at"))
    root = value("root")
    parent = value("parent") if value("parent") not in ("", "0") else root
    counts = Counts(
        views=amount(value("views")), likes=amount(value("likes")),
        comments=amount(value("comments")), reposts=amount(value("reposts")),
    )  # fmt: skip
    return make_item(
        source.model_copy(update={
            "channel": channel, "department": value("department")[:100] or source.department,
        }),
        url, key=f"row:{thing}", title=title, text=text, fetched_at=now, published_at=published,
        publisher=value("publisher")[:200] or None,
        author=Author(hash=author_hash(value("author"), key)) if value("author") else None,
        counts=counts if counts != Counts() else None,
        parent_id=_origin(source, parent), root_id=_origin(source, root or parent),
        provenance=Provenance(collector=collector),
    )  # fmt: skip


def _origin(source: Source, thing: str) -> str | None:
    return origin_id(source.name, f"row:{thing}") if thing else None
