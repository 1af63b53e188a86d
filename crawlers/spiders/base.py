"""What the spiders share: the source, its limits, its errors, its reasons for no item."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.anchors import canonical
from crawlers.memory import Memory
from crawlers.reasons import reason_of
from crawlers.recall import Recall, ends_whole, visit
from crawlers.sources import Source, load_sources
from infra.settings import settings
from schemas.errors import UserError
from schemas.raw_item import Provenance, RawItem


class SourceSpider(Spider):
    """Goes there; what to follow and how to read it stand in pure modules."""

    name = "source"
    kind: ClassVar[str] = ""

    def __init__(self, source: Source | str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source if isinstance(source, Source) else _by_name(source, kwargs)
        if self.source.kind != self.kind:
            raise UserError(
                f"source {self.source.name} is of kind {self.source.kind}",
                f"use: scrapy crawl {self.source.kind} -a source={self.source.name}",
            )
        self.name = self.source.name  # so every log line carries it
        self.allowed_domains = sorted(self.source.allowed_hosts)
        self.seen: set[str] = set()
        self.requested = 0
        self.recall: Recall | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Any:
        spider = super().from_crawler(crawler, *args, **kwargs)
        source = spider.source
        polite: dict[str, object] = {
            "DOWNLOAD_DELAY": source.delay,
            "DOWNLOAD_TIMEOUT": source.timeout,
            "CLOSESPIDER_TIMEOUT": source.limit,
            "AUTOTHROTTLE_START_DELAY": source.delay,
            # On the machine itself there is nobody to be polite to.
            "AUTOTHROTTLE_ENABLED": not source.allow_loopback,
        }
        if contact := settings().contact:
            polite["USER_AGENT"] = f"{crawler.settings['USER_AGENT'][:-1]}; +{contact})"
        for name, value in polite.items():
            crawler.settings.set(name, value, priority="spider")
        if path := crawler.settings.get("TINGCHAO_MEMORY"):
            again = crawler.settings.getbool("TINGCHAO_AGAIN")
            spider.recall = Recall(Memory(Path(path), source.name), again)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for url in self.source.start:
            if listed := self.listing(url):
                yield listed
        for key in self.recall.due(self.source.max_pages // 2) if self.recall else ():
            if again := self.revisit(self.source.address(key)):
                yield again

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
        if url not in self.seen:
            self.seen.add(url)
            self.count("skipped/seen")
        return None

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

    def request(self, url: str, callback: Any, **kwargs: Any) -> Request | None:
        """A request once per address, within the host list and the page limit."""
        url = canonical(url)
        if url in self.seen:
            return None
        if not self.source.allows(url):
            self.count("skipped/offsite")
            return None
        if self.requested >= self.source.max_pages:
            self.count("skipped/max_pages")
            return None
        self.seen.add(url)
        self.requested += 1
        return Request(url, callback=callback, errback=self.failed, **kwargs)

    def count(self, name: str, by: int = 1) -> None:
        self.crawler.stats.inc_value(f"tingchao/{name}", by)

    def unreadable(self, response: Response) -> None:
        self.count("errors/layout")
        if self.recall and (key := response.meta.get("page")):
            self.recall.missed(key, None)

    def is_html(self, response: Response) -> bool:
        """Whether there is text to read; anything else is counted."""
        if isinstance(response, TextResponse) or response.body[:256].lstrip().startswith(b"<"):
            return True
        self.count("errors/not text")
        self.logger.warning("%s: %s is no text", self.name, response.url)
        return False

    def provenance(self, response: Response, charset: str) -> Provenance:
        return Provenance(collector=f"spider:{self.kind}", status=response.status, charset=charset)

    def failed(self, failure: Failure) -> Iterator[Any]:
        """Every failed request becomes one counted reason and one log line with the source."""
        error = failure.value
        request = getattr(failure, "request", None)
        meta = request.meta if request else {}
        status = error.response.status if isinstance(error, HttpError) else None
        if status == 304 and self.recall:
            if "page" in meta:
                self.recall.unchanged(meta["page"])
            self.count("skipped/unchanged" if "page" in meta else "unchanged_lists")
            return
        if self.recall and "page" in meta:
            known, gone = self.recall.missed(meta["page"], status)
            if known and status in (404, 410):
                self.count("skipped/gone")
                yield from gone
                return
        reason = reason_of(error)
        self.count(f"errors/{reason}")
        url = request.url if request else ""
        self.logger.warning("%s: %s: %s (%s)", self.name, url, reason, error)

    def closed(self, reason: str) -> None:
        if self.recall:
            self.recall.close(ends_whole(reason, self.crawler.stats.get_stats()))

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)


def _by_name(name: str, options: dict[str, Any]) -> Source:
    """For `scrapy crawl KIND -a source=NAME [-a demo=URL] [-a pages=URL]`."""
    sources = load_sources(Path(options.get("sources") or settings().config / "sources"))
    if name not in sources:
        raise UserError(f"no source {name}", "see config/sources")
    places = {key: str(options[key]) for key in ("demo", "pages") if options.get(key)}
    return sources[name].filled(places) if sources[name].placeholders else sources[name]
