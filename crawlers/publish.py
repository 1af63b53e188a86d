"""Items leave a spider here: to Kafka, or to a file of JSON lines.

Every item is confirmed before `process_item` returns, so few are under way at a time,
a slow broker slows the spider (a page counts as active until its items are through),
and the spider closes only when all are safe.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Protocol, Self

import structlog
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem

from crawlers.kafka import Sender
from crawlers.recall import Recall
from schemas.base import encode
from schemas.raw_item import RawItem

log = structlog.get_logger("tingchao.crawl")

STOPPED = "publish_failed"
MAX_UNCONFIRMED = 200  # of one spider


class Sink(Protocol):
    async def start(self) -> None: ...
    async def send(self, item: RawItem) -> None: ...
    async def stop(self) -> None: ...


class FileSink:
    """JSON lines; `-` is standard output. Several spiders may append to one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.handle = -1

    async def start(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self.handle = 1 if self.path == "-" else os.open(Path(self.path), flags, 0o644)

    async def send(self, item: RawItem) -> None:
        line = memoryview(encode(item) + b"\n")
        while line:  # a pipe may take less than all
            line = line[os.write(self.handle, line) :]

    async def stop(self) -> None:
        if self.handle > 2:
            os.close(self.handle)


class KafkaSink:
    def __init__(self) -> None:
        self.sender = Sender(MAX_UNCONFIRMED)

    async def start(self) -> None:
        await self.sender.start()

    async def send(self, item: RawItem) -> None:
        await self.sender.confirm(item.origin_id.encode(), encode(item))
        log.info("item sent", item=item.id, source=item.source)

    async def stop(self) -> None:
        await self.sender.stop()


class PublishPipeline:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        out = crawler.settings.get("TINGCHAO_OUT")
        self.sink: Sink = FileSink(out) if out else KafkaSink()
        self.failed = False
        self.open = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def open_spider(self) -> None:
        try:
            await self.sink.start()
        except Exception as error:
            self._fail(error)
            raise CloseSpider(STOPPED) from error
        self.open = True

    async def process_item(self, item: RawItem) -> RawItem:
        if self.failed:
            raise DropItem("nothing is published any more after the first failure")
        recall: Recall | None = getattr(self.crawler.spider, "recall", None)
        judged = recall.judge(item) if recall else item
        if judged is None:
            self.crawler.stats.inc_value("tingchao/skipped/unchanged")
        else:
            await self._publish(judged)
        if recall:
            recall.safe(judged or item)
        return item

    async def _publish(self, item: RawItem) -> None:
        try:
            await self.sink.send(item)
        except Exception as error:
            self._fail(error)
            raise DropItem(str(error)) from error
        if change := item.provenance and item.provenance.change:
            self.crawler.stats.inc_value(f"tingchao/changes/{change}")
        self.crawler.stats.inc_value("tingchao/published")

    async def close_spider(self) -> None:
        await self.sink.stop()

    def _fail(self, error: Exception) -> None:
        """The first failure ends the crawl: pages fetched but not kept would be lost unseen."""
        if self.failed:
            return
        self.failed = True
        self.crawler.stats.set_value("tingchao/publish_error", str(error) or type(error).__name__)
        engine = self.crawler.engine
        if engine is not None and self.open:
            asyncio.get_running_loop().create_task(engine.close_spider_async(reason=STOPPED))
