"""What the spiders share: the source, its pace and limits, where it starts and how it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler

from crawlers.memory import Memory
from crawlers.recall import Recall, ends_whole
from crawlers.sources import Source, load_sources
from crawlers.spiders.asking import Asking
from infra.settings import settings
from schemas.errors import UserError


class SourceSpider(Asking):
    """Goes there; what to follow and how to read it stand in pure modules."""

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
        self.seen = set()

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
