"""What a spider asks for: once per address, within its limits, and not what it knows already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawlers.anchors import canonical
from crawlers.recall import visit
from crawlers.sources import Source
from crawlers.spiders.answers import Answers
from schemas.raw_item import RawItem


class Asking(Answers):
    source: Source
    seen: set[int]  # hashes of addresses: a long crawl meets many
    requested = 0

    def revisit(self, url: str) -> Request | None:
        """A page that was read before and may have changed; a kind that can, says how."""
        return None

    def listing(self, url: str) -> Request | None:
        """A request for a list, answered 304 when it is as it was at the end of a whole crawl."""
        key = self.source.key(canonical(url))
        headers = self.recall.list_conditions(key) if self.recall else {}
        return self.request(url, self.parse, meta={"list": key}, headers=headers)

    def page(self, url: str, callback: Any, **kwargs: Any) -> Request | None:
        """A request for a page with items, unless it was read before and is not due again."""
        url = canonical(url)
        key = self.source.key(url)
        headers = self.recall.conditions(key) if self.recall else {}
        if headers is not None:
            return self.request(url, callback, meta={"page": key}, headers=headers, **kwargs)
        if hash(url) not in self.seen:
            self.seen.add(hash(url))
            self.count("skipped/seen")
        return None

    def request(self, url: str, callback: Any, **kwargs: Any) -> Request | None:
        """A request once per address, within the host list and the page limit."""
        url = canonical(url)
        if hash(url) in self.seen:
            return None
        if not self.source.allows(url):
            self.count("skipped/offsite")
            return None
        if self.requested >= self.source.max_pages:
            self.count("skipped/max_pages")
            return None
        self.seen.add(hash(url))
        self.requested += 1
        return Request(url, callback=callback, **{"errback": self.failed, **kwargs})

    def list_read(self, response: Response, urls: Iterable[str]) -> bool:
        """Counts a list; whether the older ones after it are of interest."""
        return self.keys_read(response, [self.source.key(canonical(url)) for url in urls])

    def keys_read(self, response: Response, keys: list[str]) -> bool:
        """The same for a list whose entries have names of their own."""
        self.count("lists")
        self.count("links", len(keys))
        if not self.recall:
            return True
        if key := response.meta.get("list"):
            self.recall.list_read(response, key)
        return self.recall.has_news(keys)

    def found(self, response: Response, item: RawItem, key: str = "", last: bool = True) -> RawItem:
        """The item, with the page to be remembered once it is safe."""
        if self.recall and (key := key or response.meta.get("page", "")):
            self.recall.on_its_way(item, visit(response, key, last))
        return item
