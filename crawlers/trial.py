"""Fetch one address and a few pages behind it as a crawl would, and keep nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

from crawlers.guess import Found, look, read_sample
from crawlers.run import SAID_BETTER
from crawlers.sources import Source
from crawlers.spiders.answers import content_type
from crawlers.spiders.base import SourceSpider
from crawlers.summary import summarise

_SAMPLES = 3


class TrialSpider(SourceSpider):
    name = "trial"
    kind = "article"

    def __init__(self, source: Source | str, samples: int = _SAMPLES, **kwargs: Any) -> None:
        super().__init__(source, **kwargs)
        self.looked: Found | None = None
        self.samples = samples

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        if not self.is_html(response):
            return
        self.looked = look(response.body, response.url, content_type(response), self.now())
        self.list_read(response, self.looked.links)
        if self.looked.guess == "list":
            for url in self.looked.links[: self.samples]:
                yield self.page(url, self.parse_sample)

    def parse_sample(self, response: Response) -> None:
        if self.looked and self.is_html(response):
            sample = read_sample(response.body, response.url, content_type(response), self.now())
            self.looked.samples.append(sample)


def attempt(
    url: str, allow_loopback: bool = False, samples: int = _SAMPLES, timeout: float = 20.0
) -> tuple[Found | None, str | None]:
    """(what the page is, why nothing could be had). Blocks; once per process."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        return None, "only addresses that begin with http:// or https:// are fetched"
    source = Source(
        name="trial", kind="article", start=[url], timeout=timeout, limit=60.0,
        delay=0 if allow_loopback else 1.0, max_pages=1 + samples, allow_loopback=allow_loopback,
    )  # fmt: skip
    config = Settings()
    config.setmodule("crawlers.settings", priority="project")
    config.set("ITEM_PIPELINES", {}, priority="cmdline")
    config.set("LOG_LEVEL", "CRITICAL", priority="cmdline")
    process = AsyncCrawlerProcess(config)
    for name in SAID_BETTER:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    crawler = process.create_crawler(TrialSpider)
    process.crawl(crawler, source=source, samples=samples)
    process.start()
    spider: Any = crawler.spider
    found = spider.looked if spider else None
    if found:
        found.samples.sort(key=lambda s: found.links.index(s.url) if s.url in found.links else 99)
        return found, None
    stats = crawler.stats.get_stats() if crawler.stats else {}
    return None, summarise("trial", "article", stats).why
