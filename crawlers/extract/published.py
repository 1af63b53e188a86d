"""When a page was published: what it declares, then what it shows near its title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from crawlers.extract.dom import first_text, text_of
from crawlers.extract.times import parse_time
from crawlers.extract.view import View

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
_LABEL = re.compile(r"(?:发布时间|发表时间|发布日期|发稿时间|发表于|发布于)\s*[:：]?\s*(.{6,40})")
_SHOWN = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?\s{0,3}\d{1,2}[:：时]\d\d(?:[:：]\d\d)?"
)
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\d[:：]\d\d")
_TITLES = 4  # repetitions of the title that are looked at
_BYLINE = 160  # characters after a title in which its time stands
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[-/_]?(\d\d)[-/_]?(\d\d)(?=[/_\-.]|\d*\.)")
_SERVED = re.compile(
    r"""(?:time|date|stamp|\bts)["']?\s*[:=]\s*["']?"""
    r"""(1\d{9}(?:\d{3})?|(?:19|20)\d\d-\d\d-\d\d \d\d:\d\d:\d\d)\b""",
    re.I,
)
_LATER = re.compile(r"更新|修改|截至|上次|updated?|modified", re.I)
_NEAR = 400  # characters of text before and after the title in which a bare date counts


def find_time(
    page: View, title: str, url: str | None, now: datetime | None, css: str | None = None
) -> datetime | None:
    """The publish time; the most trustworthy place that has one wins."""
    if css and (chosen := parse_time(first_text(page.tree, css), now)):
        return chosen
    found = _declared_or_shown(page, title, url, now)
    under = _under_title(page.text, title, now)
    # Data often carry the moment of the last change; people read the one under the title.
    if under and (
        found is None or (found.date() == under.date() and _minute(found) != _minute(under))
    ):
        return under
    return found


def _declared_or_shown(
    page: View, title: str, url: str | None, now: datetime | None
) -> datetime | None:
    address = _URL_DATE.search(url or "")
    day = parse_time("-".join(address.groups()), now) if address else None
    for text in _candidates(page, title):
        found = parse_time(text, now)
        if found and day and abs(found.date() - day.date()).days > 1:
            continue  # the best place named another day: this is some other article's time
        if found and _has_clock(found):
            return found
        day = day or found
    return day


def _under_title(page: str, title: str, now: datetime | None) -> datetime | None:
    """The first full time in the few words after the title, wherever that is repeated."""
    at = page.find(title) if title else -1
    for _ in range(_TITLES):
        if at < 0:
            break
        at += len(title)
        for match in _SHOWN.finditer(page[at : at + _BYLINE]):
            if not _LATER.search(page[max(0, at + match.start() - 8) : at + match.start()]):
                return parse_time(match[0], now)
        at = page.find(title, at)
    return None


def _minute(found: datetime) -> datetime:
    return found.replace(second=0, microsecond=0)


def _has_clock(found: datetime) -> bool:
    return bool(found.hour or found.minute or found.second)


def page_clock(text: str) -> datetime | None:
    """When a saved page was served: the newest moment its scripts carry."""
    found = (parse_time(mark) for mark in _SERVED.findall(text))
    return max((moment for moment in found if moment), default=None)


def _candidates(page: View, title: str) -> Iterator[str]:
    yield from page.data.published
    for name in _META:
        if name in page.metas:
            yield page.metas[name]
    for element in page.tree.iter("time"):
        yield element.get("datetime") or element.get("content") or text_of(element)
    yield from _shown(page, title)


def _shown(page: View, title: str) -> Iterator[str]:
    """Short texts of elements named like a time, then labelled and bare dates of the page."""
    clocks: list[str] = []
    days: list[str] = []
    for holder in page.holders:
        text = holder.text
        if holder.tag in ("a", "li", "ul") or not 6 <= len(text) <= 200:
            continue
        if _NAMED.search(holder.names) and _DIGIT.search(text) and not _LATER.search(text[:30]):
            (clocks if _CLOCK.search(text) else days).append(text)
    at = page.text.find(title) if title else -1
    start, end = (max(0, at - _NEAR), at + len(title) + _NEAR) if at >= 0 else (0, 2 * _NEAR)
    yield from clocks
    if match := _LABEL.search(page.text):
        yield match[1]
    yield from days
    yield page.text[start:end]
