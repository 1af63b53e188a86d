"""One crawl's use of the memory: what to ask for, what to publish, what to remember when safe."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapy.http import Response

from crawlers.memory import Memory, SeenPage
from crawlers.revisits import (
    counts_differ,
    deleted,
    edited,
    off_list,
    recounted,
    returned,
    vanished,
)
from schemas.raw_item import RawItem


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that was read; remembered as such when the `last` of its items is confirmed."""

    key: str
    etag: str | None = None
    modified: str | None = None
    last: bool = True
    again: bool = True  # whether it may change later; a file or a letter does not


class Recall:
    def __init__(self, memory: Memory, again: bool = False) -> None:
        self._memory = memory
        self._again = again  # fetch and publish what is known, too
        self._pending: dict[str, Visit] = {}  # by the id of an item on its way
        self._lists: list[Visit] = []
        self._standing: dict[str, list[str]] = {}  # what stands on each list, from now on

    def conditions(self, key: str) -> dict[str, str] | None:
        """The headers to ask for a page with; None when it need not be asked for now."""
        known = None if self._again else self._memory.page(key)
        if known is None:
            return {}
        if known.next_visit is None or known.next_visit > _now():
            return None
        return _headers(known)

    def list_conditions(self, key: str) -> dict[str, str]:
        known = self._memory.page(key) if self._memory.whole and not self._again else None
        return _headers(known) if known else {}

    def due(self, limit: int) -> list[str]:
        return [] if self._again else self._memory.due(_now(), limit)

    def has_news(self, keys: list[str]) -> bool:
        """Whether a list shows unknown pages: only then are the older lists of interest."""
        known = self._memory.listed(keys, _now())
        return self._again or known < len(keys) or not self._memory.whole

    def list_read(self, response: Response, key: str) -> None:
        self._lists.append(visit(response, key))

    def on_its_way(self, item: RawItem, found: Visit) -> None:
        self._pending[item.id] = found

    def unchanged(self, key: str) -> None:
        self._memory.unchanged(key, _now())

    def missed(self, key: str, status: int | None) -> tuple[bool, list[RawItem]]:
        """A page that could not be had: (it stood there once, what has gone with it)."""
        items = self._memory.items_of(key) if status in (404, 410) else []
        known = self._memory.page(key)
        self._memory.missed(key, _now())
        for item in items:
            self._pending[item.id] = Visit(key, last=False)
        return known is not None, [deleted(item, status) for item in items]

    def read_through(self, key: str, stood: Collection[str], whole: bool) -> list[RawItem]:
        """All pages of a thread were read: the known posts that were not on them any more."""
        gone = vanished(self._memory.items_of(key), stood, whole)
        for item in gone:
            self._pending[item.id] = Visit(key, last=False)
        return gone

    def left(self, listed: str, keys: Collection[str]) -> list[RawItem]:
        """A list of titles was read: those that stood on it and stand on none any more."""
        elsewhere = self._memory.standing(but=listed)
        before = [k for k, place in self._memory.standing().items() if place == listed]
        found = []
        for key in before:
            if key in keys or key in elsewhere:
                continue
            for last in self._memory.items_of(key):
                if item := off_list(last, _now()):
                    self._pending[item.id] = Visit(key)
                    found.append(item)
        self._standing[listed] = list(keys)
        return found

    def judge(self, item: RawItem) -> RawItem | None:
        """The item as it is to be published; None when nothing about it is new."""
        known = self._memory.item(item.origin_id)
        if known is None or (item.provenance and item.provenance.change == "deleted"):
            return item
        if known.id != item.id:
            return edited(known.id, known.version, item)
        if known.gone:
            return returned(known.version, item)
        if known.version is not None and counts_differ(known.version, item):
            return recounted(known.version, item)
        return item if self._again else None

    def safe(self, item: RawItem) -> None:
        """The item is confirmed (or known): it need not be published again."""
        found = self._pending.pop(item.id, None)
        if found is None:
            return
        self._memory.keep(item, found.key)
        if found.last and not found.again:
            self.nothing_on(found.key)
        elif found.last:
            self._memory.read(found.key, found.etag, found.modified, _now())

    def nothing_on(self, key: str) -> None:
        """The page (or file, or letter) was read and will not be read again."""
        self._memory.list_read(key, None, None, _now())

    def close(self, whole: bool) -> None:
        """`whole`: the crawl came to the end of all lists and lost nothing on the way."""
        if whole:
            for listed, keys in self._standing.items():
                self._memory.stand(listed, keys)
            for found in self._lists:
                self._memory.list_read(found.key, found.etag, found.modified, _now())
            self._memory.set_whole()
        self._memory.prune(_now())
        self._memory.close()


def visit(response: Response, key: str, last: bool = True) -> Visit:
    return Visit(key, _header(response, "ETag"), _header(response, "Last-Modified"), last)


def ends_whole(reason: str, counted: Iterable[str]) -> bool:
    """Whether Scrapy's counters tell of a crawl that saw all there was."""
    lost = ("tingchao/errors/", "tingchao/skipped/max_pages", "tingchao/publish_error",
            "spider_exceptions/")  # fmt: skip
    return reason == "finished" and not any(name.startswith(lost) for name in counted)


def _headers(known: SeenPage) -> dict[str, str]:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in asked.items() if value}


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None


def _now() -> datetime:
    return datetime.now(UTC)
