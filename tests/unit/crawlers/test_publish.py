"""What the pipeline does when an item cannot be kept."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from crawlers.publish import STOPPED, PublishPipeline


class Sink:
    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.items: list[Any] = []
        self.stopped = False

    async def start(self) -> None: ...

    async def send(self, item: Any) -> None:
        if self.error:
            raise self.error
        self.items.append(item)

    async def stop(self) -> None:
        self.stopped = True


def pipeline(sink: Any) -> tuple[PublishPipeline, list[str], MemoryStatsCollector]:
    closed: list[str] = []

    async def close_spider_async(reason: str) -> None:
        closed.append(reason)

    crawler: Any = SimpleNamespace(
        settings=Settings({"TINGCHAO_OUT": "unused"}),
        stats=MemoryStatsCollector(get_crawler()),
        engine=SimpleNamespace(close_spider_async=close_spider_async),
    )
    made = PublishPipeline.from_crawler(crawler)
    made.sink = sink
    return made, closed, crawler.stats


async def test_counts_what_is_kept() -> None:
    sink = Sink()
    made, closed, stats = pipeline(sink)
    await made.open_spider()
    await made.process_item("item")  # type: ignore[arg-type]
    await made.close_spider()
    assert sink.items == ["item"] and sink.stopped and closed == []
    assert stats.get_value("tingchao/published") == 1


async def test_first_failure_ends_the_spider_once() -> None:
    made, closed, stats = pipeline(Sink(ConnectionError("broker gone")))
    await made.open_spider()
    for _ in range(3):
        with pytest.raises(DropItem):
            await made.process_item("item")  # type: ignore[arg-type]
    await asyncio.sleep(0)
    assert closed == [STOPPED]
    assert stats.get_value("tingchao/publish_error") == "broker gone"
    assert stats.get_value("tingchao/published") is None


async def test_a_sink_that_does_not_start_closes_the_spider() -> None:
    class Dead(Sink):
        async def start(self) -> None:
            raise ConnectionError("no broker")

    made, _, stats = pipeline(Dead())
    with pytest.raises(CloseSpider):
        await made.open_spider()
    assert stats.get_value("tingchao/publish_error") == "no broker"
