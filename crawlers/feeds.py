"""RSS and Atom entries: pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser
from lxml import html as lxml_html
from lxml.etree import ParserError

from crawlers.extract.dom import lines_of, squeeze
from crawlers.extract.times import parse_time


@dataclass(frozen=True)
class Entry:
    url: str
    key: str
    title: str
    text: str
    published_at: datetime | None
    author: str | None


def read_feed(
    body: bytes, content_type: str | None, base: str, now: datetime
) -> list[Entry] | None:
    """The entries of a feed; None when it is no feed at all."""
    headers = {"content-location": base}
    if content_type:
        headers["content-type"] = content_type
    parsed = feedparser.parse(body, response_headers=headers)
    if not parsed.get("version") and not parsed.get("entries"):
        return None
    return [entry for raw in parsed.get("entries", []) if (entry := _entry(raw, now))]


def _entry(raw: Any, now: datetime) -> Entry | None:
    url = raw.get("link") or ""
    contents = [part.get("value", "") for part in raw.get("content", [])] + [raw.get("summary", "")]
    text = max((_text(content) for content in contents), key=len)
    title = squeeze(_text(raw.get("title", "")).replace("\n", " "))
    if not (url or raw.get("id")) or not (title or text):
        return None
    published = _moment(raw, "published", now) or _moment(raw, "updated", now)
    return Entry(url, raw.get("id") or url, title, text, published, raw.get("author") or None)


def _moment(raw: Any, name: str, now: datetime) -> datetime | None:
    """What begins with the year we read ourselves: feedparser takes a time without a zone
    for UTC where it is Beijing's, and 年月日 for something else."""
    text = raw.get(name) or ""
    if re.match(r"\s*(19|20)\d\d\D", text):
        return parse_time(text, now)
    parsed = raw.get(f"{name}_parsed")
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None


def _text(content: str) -> str:
    if "<" not in content and "&" not in content:
        return content.strip()
    try:
        return "\n".join(lines_of(lxml_html.fragment_fromstring(content, create_parent="div")))
    except (ParserError, ValueError):
        return ""
