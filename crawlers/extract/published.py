"""When a page was published: what it declares, then what it shows near its title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from lxml.html import HtmlElement

from crawlers.extract.dom import first_text, metas, text_of
from crawlers.extract.scripts import Embedded
from crawlers.extract.times import parse_time

_META = (
    "article:published_time", "og:published_time", "datepublished", "og:release_date", "pubdate",
    "publishdate", "publish_date", "publishtime", "publish-date", "publish_time", "apub:time",
    "article:create_at", "weibo:article:create_at", "bytedance:published_time", "date", "dc.date",
    "dc.date.issued", "parsely-pub-date", "createdate", "firstpublishedtime", "maketime",
    "filetime",
)  # fmt: skip
_NAMED = re.compile(
    r"time|date|pub|info|source|meta|author|byline|riqi|shijian|fabu|laiyuan|about|msg|sub", re.I
)
_LABEL = re.compile(
    r"(?:发布时间|发表时间|发布日期|发表于|发布于|时间|日期|成文日期)\s*[:：]?\s*(.{6,40})"
)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[-/_]?(\d\d)[-/_]?(\d\d)(?=[/_\-.]|\d*\.)")
_SERVED = re.compile(
    r"""(?:time|date|stamp|\bts)["']?\s*[:=]\s*["']?"""
    r"""(1\d{9}(?:\d{3})?|(?:19|20)\d\d-\d\d-\d\d \d\d:\d\d:\d\d)\b""",
    re.I,
)
_LATER = re.compile(r"更新|修改|截至|上次|updated?|modified", re.I)
_NEAR = 400  # characters of text before and after the title in which a bare date counts


def find_time(
    tree: HtmlElement, data: Embedded, title: str, url: str | None, now: datetime | None,
    css: str | None = None,
) -> datetime | None:  # fmt: skip
    """The publish time; the most trustworthy place that has one wins."""
    address = _URL_DATE.search(url or "")
    day = parse_time("-".join(address.groups()), now) if address else None
    for text in _candidates(tree, data, title, css):
        found = parse_time(text, now)
        if found and day and found.date() != day.date():
            continue  # the best place named another day: this is some other article's time
        if found and _has_clock(found):
            return found
        day = day or found
    return day


def _has_clock(found: datetime) -> bool:
    return bool(found.hour or found.minute or found.second)


def page_clock(text: str) -> datetime | None:
    """When a saved page was served: the newest moment its scripts carry."""
    found = (parse_time(mark) for mark in _SERVED.findall(text))
    return max((moment for moment in found if moment), default=None)


def _candidates(tree: HtmlElement, data: Embedded, title: str, css: str | None) -> Iterator[str]:
    if css:
        yield first_text(tree, css)
    yield from data.published
    meta = metas(tree)
    for name in _META:
        if name in meta:
            yield meta[name]
    for element in tree.iter("time"):
        yield element.get("datetime") or element.get("content") or text_of(element)
    yield from _shown(tree, title)


def _shown(tree: HtmlElement, title: str) -> Iterator[str]:
    """Short texts of elements named like a time, then labelled and bare dates of the page."""
    body = tree.find("body")
    root = tree if body is None else body
    clocks: list[str] = []
    days: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "a", "li", "ul"):
            continue
        if not _NAMED.search(f"{element.get('class', '')} {element.get('id', '')}"):
            continue
        text = text_of(element)
        if 6 <= len(text) <= 200 and re.search(r"\d", text) and not _LATER.search(text[:30]):
            (clocks if re.search(r"\d[:：]\d\d", text) else days).append(text)
    page = text_of(root)
    at = page.find(title) if title else -1
    near = page[max(0, at - _NEAR) : at + len(title) + _NEAR] if at >= 0 else page[: 2 * _NEAR]
    yield from clocks
    if match := _LABEL.search(near):
        yield match[1]
    yield from days
    yield near
