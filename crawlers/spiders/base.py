"""What the spiders share: the source, its limits, its errors, its reasons for no item."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.anchors import canonical
from crawlers.guarded_http import AddressRefused
from crawlers.sources import Source, load_sources
from infra.settings import settings
from schemas.errors import UserError
from schemas.raw_item import Provenance


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

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Any:
        spider = super().from_crawler(crawler, *args, **kwargs)
        source = spider.source
        polite: dict[str, object] = {
            "DOWNLOAD_DELAY": source.delay,
            "DOWNLOAD_TIMEOUT": source.timeout,
            "AUTOTHROTTLE_START_DELAY": source.delay,
            # On the machine itself there is nobody to be polite to.
            "AUTOTHROTTLE_ENABLED": not source.allow_loopback,
        }
        if contact := settings().contact:
            polite["USER_AGENT"] = f"{crawler.settings['USER_AGENT'][:-1]}; +{contact})"
        for name, value in polite.items():
            crawler.settings.set(name, value, priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for url in self.source.start:
            yield self.request(url, self.parse)

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
        reason = _reason(error)
        self.count(f"errors/{reason}")
        url = getattr(getattr(failure, "request", None), "url", "")
        self.logger.warning("%s: %s: %s (%s)", self.name, url, reason, error)
        return iter(())

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


_WORDS = {
    "DownloadConnectionRefused": "connection refused",
    "DownloadTimeout": "timeout",
    "DownloadCancelled": "too large",
    "CannotResolveHost": "no such host",
    "ResponseDataLoss": "broken off",
    "DownloadFailed": "connection failed",
}


# What Scrapy's middlewares say when they drop a request.
_IGNORED = {
    "robots": "robots",
    "max redirections": "redirects",
    "exceeds": "too large",
    "exceeded": "too large",
    "larger than": "too large",
}


def _reason(error: BaseException | None) -> str:
    """One word or two for a failed request; summaries and metrics count by it."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, AddressRefused):
        return "address refused"
    if isinstance(error, IgnoreRequest):
        text = str(error)
        return next((word for mark, word in _IGNORED.items() if mark in text), "ignored")
    name = type(error).__name__.removesuffix("Error")
    return _WORDS.get(name, name)
