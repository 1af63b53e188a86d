"""Pages, posts and feed entries to RawItem: pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b

from crawlers.anchors import canonical
from crawlers.extract import Page
from crawlers.sources import Source
from schemas.raw_item import (
    MAX_TEXT,
    MAX_TITLE,
    Author,
    Counts,
    Provenance,
    RawItem,
    Report,
    item_id,
    origin_id,
)

_MAX_URL = 2_048


def author_hash(name: str, key: bytes) -> str:
    """A keyed hash: the same person is the same hash, and nobody without the key can try names."""
    name_bytes = name.encode("utf-8", "surrogatepass")
    return blake2b(name_bytes, key=key[: blake2b.MAX_KEY_SIZE], digest_size=16).hexdigest()


def make_item(
    source: Source,
    url: str,
    *,
    title: str,
    text: str,
    fetched_at: datetime,
    published_at: datetime | None = None,
    publisher: str | None = None,
    author: Author | None = None,
    counts: Counts | None = None,
    parent_id: str | None = None,
    root_id: str | None = None,
    key: str | None = None,
    report: Report | None = None,
    provenance: Provenance | None = None,
) -> RawItem:
    """A RawItem of `source`; `key` names the thing when it has no address of its own."""
    url = canonical(url)
    title, text = title[:MAX_TITLE], text[:MAX_TEXT]
    origin = origin_id(source.name, source.key(key or url))
    return RawItem(
        id=item_id(origin, title, text),
        origin_id=origin,
        source=source.name,
        channel=source.channel,
        fetched_at=fetched_at,
        published_at=published_at,
        url=url if len(url) <= _MAX_URL else None,
        title=title,
        text=text,
        publisher=publisher or source.publisher,
        author=author,
        tier=source.tier,
        region=source.region,
        department=source.department,
        counts=counts,
        parent_id=parent_id,
        root_id=root_id,
        report=report,
        provenance=provenance,
    )


def byline(source: Source, name: str | None, key: Callable[[], bytes]) -> Author | None:
    """A newspaper's byline is printed for all to read; anywhere else a name may be a
    private person's, and only its keyed hash is kept."""
    if not name:
        return None
    if source.channel == "news":
        return Author(name=name, kind="institution")
    return Author(hash=author_hash(name, key()))


def article_item(
    source: Source, url: str, page: Page, fetched_at: datetime, provenance: Provenance,
    key: Callable[[], bytes],
) -> RawItem:  # fmt: skip
    """An article; `key` gives the key of the author hashes when one is needed."""
    author = byline(source, page.author, key)
    return make_item(
        source, url, title=page.title, text=page.body, fetched_at=fetched_at,
        published_at=page.published_at, publisher=page.publisher, author=author,
        counts=page.counts, provenance=provenance,
    )  # fmt: skip
