"""What the pipeline does when an item cannot be kept."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from crawlers.memory import Memory
from crawlers.publish import STOPPED, PublishPipeline
from crawlers.recall import Recall, Visit
from tests.builders import raw_item

ITEM = raw_item()


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


def pipeline(
    sink: Any, recall: Any = None
) -> tuple[PublishPipeline, list[str], MemoryStatsCollector]:
    closed: list[str] = []

    async def close_spider_async(reason: str) -> None:
        closed.append(reason)

    crawler: Any = SimpleNamespace(
        settings=Settings({"TINGCHAO_OUT": "unused"}),
        stats=MemoryStatsCollector(get_crawler()),
        spider=SimpleNamespace(recall=recall),
        engine=SimpleNamespace(close_spider_async=close_spider_async),
    )
    made = PublishPipeline.from_crawler(crawler)
    made.sink = sink
    return made, closed, crawler.stats


async def test_counts_what_is_kept() -> None:
    sink = Sink()
    made, closed, stats = pipeline(sink)
    await made.open_spider()
    await made.process_item(ITEM)
    await made.close_spider()
    assert sink.items == [ITEM] and sink.stopped and closed == []
    assert stats.get_value("tingchao/published") == 1


async def test_first_failure_ends_the_spider_once() -> None:
    made, closed, stats = pipeline(Sink(ConnectionError("broker gone")))
    await made.open_spider()
    for _ in range(3):
        with pytest.raises(DropItem):
            await made.process_item(ITEM)
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


async def test_only_what_is_confirmed_is_remembered(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m.sqlite", "a")
    for error, kept in ((ConnectionError("broker gone"), False), (None, True)):
        recall = Recall(memory)
        recall.on_its_way(ITEM, Visit("http://a/1"))
        made, _, _ = pipeline(Sink(error), recall)
        await made.open_spider()
        try:
            await made.process_item(ITEM)
        except DropItem:
            assert error
        assert (memory.page("http://a/1") is not None) == kept
        assert (memory.item(ITEM.origin_id) is not None) == kept


async def test_what_is_known_is_not_sent_again(tmp_path: Path) -> None:
    recall, sink = Recall(Memory(tmp_path / "m.sqlite", "a")), Sink()
    made, _, stats = pipeline(sink, recall)
    await made.open_spider()
    for _ in range(2):
        recall.on_its_way(ITEM, Visit("http://a/1"))
        await made.process_item(ITEM)
    assert sink.items == [ITEM] and stats.get_value("tingchao/skipped/unchanged") == 1
