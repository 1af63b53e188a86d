"""Hot-search lists: titles with their rank, from JSON (newsnow and the like) or a page: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import orjson

from crawlers.anchors import anchors, canonical, link_text
from crawlers.extract.counts import amount
from crawlers.extract.dom import select
from crawlers.extract.page import parse
from crawlers.selectors import Selectors

MAX_ENTRIES = 200
_TITLES = ("title", "word", "word_scheme", "query", "name", "keyword", "desc")
_LINKS = ("url", "link", "scheme", "mobileUrl", "target_url")
_HEATS = ("hot", "heat", "hotScore", "num", "hot_value", "score", "raw_hot")


@dataclass(frozen=True, slots=True)
class Entry:
    rank: int
    key: str
    title: str
    url: str | None
    heat: int | None


def read_hot(body: bytes, text: str, base: str, selectors: Selectors) -> list[Entry] | None:
    """The entries in their order; None when there is no list to be found."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _from_page(text, base, selectors)
    rows = max(_lists(data), key=len, default=None)
    if rows is None:
        return None
    found = [
        entry
        for rank, row in enumerate(rows[:MAX_ENTRIES], 1)
        if (entry := _entry(row, rank, base))
    ]
    return found or None


def _lists(data: Any, depth: int = 0) -> Iterator[list[dict[str, Any]]]:
    """All lists of objects that have titles, wherever they stand."""
    if depth > 6:
        return
    if isinstance(data, list):
        rows = [row for row in data if isinstance(row, dict) and _title(row)]
        if rows:
            yield rows
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for part in parts:
        if isinstance(part, (dict, list)):
            yield from _lists(part, depth + 1)


def _title(row: dict[str, Any]) -> str:
    values = (row.get(name) for name in _TITLES)
    return next((v.strip() for v in values if isinstance(v, str) and v.strip()), "")


def _entry(row: dict[str, Any], rank: int, base: str) -> Entry | None:
    title = _title(row)
    links = (row.get(name) for name in _LINKS)
    link = next((v for v in links if isinstance(v, str) and v), None)
    url = urljoin(base, link) if link else None
    if url and not url.startswith(("http://", "https://")):
        url = None
    heat = next((h for name in _HEATS if (h := _count(row.get(name))) is not None), None)
    extra = row.get("extra")
    if heat is None and isinstance(extra, dict):
        heat = _count(extra.get("info"))
    return Entry(rank, title, title, url, heat)


def _count(value: Any) -> int | None:
    """`123456`, `12.3万` or `123万热度`."""
    match = re.match(r"\s*\d[\d,.]*\s*[万亿]?", str(value)[:40]) if value is not None else None
    return amount(match[0]) if match else None


def _from_page(text: str, base: str, selectors: Selectors) -> list[Entry] | None:
    """The links that the source's selector names, else the longest run of a list or table."""
    tree = parse(text)
    if tree is None:
        return None
    if selectors.links:
        chosen = [
            (urljoin(base, a.get("href", "")), link_text(a)) for a in select(tree, selectors.links)
        ]
    else:
        groups: dict[Any, list[tuple[str, str]]] = {}
        for anchor, url in anchors(tree, base):
            parent = anchor.getparent()
            while parent is not None and parent.tag not in ("ul", "ol", "tbody", "table", "div"):
                parent = parent.getparent()
            groups.setdefault(parent, []).append((url, link_text(anchor)))
        chosen = max(groups.values(), key=len, default=[])
    titles: dict[str, str] = {}
    for url, title in chosen:
        if len(title) > 1:
            titles.setdefault(title, canonical(url))
    rows = list(titles.items())[:MAX_ENTRIES]
    return [Entry(n, t, t, u, None) for n, (t, u) in enumerate(rows, 1)] or None
