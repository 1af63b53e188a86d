"""Sitemaps and news sitemaps: pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from crawlers.extract.times import parse_time

MAX_SIZE = 50 * 1024 * 1024  # as the protocol has it, unpacked
MAX_ENTRIES = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """One <url> or <sitemap>; the news part of a news sitemap, where there is one."""

    url: str
    modified: datetime | None = None
    title: str = ""
    publisher: str | None = None
    published_at: datetime | None = None


def read_sitemap(body: bytes, now: datetime) -> tuple[bool, list[Place]] | None:
    """(whether it is an index of sitemaps, its places, the newest first); None when it is none."""
    try:
        body = _unpacked(body)
        # Entities are not resolved and nothing is loaded: a bomb stays what it is.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(body, parser)
    except (zlib.error, etree.XMLSyntaxError, ValueError):
        return None
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        return None
    found = [place for node in root[:MAX_ENTRIES] if (place := _place(node, now))]
    found.sort(key=lambda p: _stamp(p.published_at or p.modified), reverse=True)
    return _name(root) == "sitemapindex", found


def _place(node: etree._Element, now: datetime) -> Place | None:
    fields: dict[str, str] = {}
    for part in node.iter(etree.Element):
        fields.setdefault(_name(part), (part.text or "").strip())
    url = fields.get("loc", "")
    if not url.startswith(("http://", "https://")):
        return None
    return Place(
        url,
        parse_time(fields.get("lastmod", ""), now),
        fields.get("title", ""),
        fields.get("name") or None,
        parse_time(fields.get("publication_date", ""), now),
    )


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _stamp(when: datetime | None) -> float:
    return when.timestamp() if when else 0.0


def _unpacked(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    unpacking = zlib.decompressobj(31)
    plain = unpacking.decompress(body, MAX_SIZE)
    if unpacking.unconsumed_tail:
        raise ValueError("larger than a sitemap may be")
    return plain
