"""Files that others put into a folder: read once, each as it stands; nothing is fetched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, ClassVar

from scrapy import signals
from scrapy.crawler import Crawler

from crawlers.recall import Visit
from crawlers.spiders.base import SourceSpider
from schemas.errors import UserError
from schemas.raw_item import RawItem

UNDER_WAY = 500  # items read and not yet published
SETTLED = 2.0  # seconds since the last write; a younger file may still be written


class LocalSpider(SourceSpider):
    """What the kinds share that read a folder: which files, how fast, what is remembered."""

    name = "local"
    suffixes: ClassVar[tuple[str, ...]] = ()
    waiting = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Any:
        spider = super().from_crawler(crawler, *args, **kwargs)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.one_less, signal=signal)
        return spider

    def one_less(self, *_: Any, **__: Any) -> None:
        self.waiting -= 1

    async def start(self) -> AsyncIterator[Any]:
        files = self._files()
        if files is None:
            return
        self.count("lists")
        # An empty folder is no failure: nobody has put anything there.
        self.count("links" if files else "unchanged_lists", len(files) or 1)
        for path in files:
            key = _key(path)
            if self.recall and self.recall.conditions(key) is None:
                self.count("skipped/seen")
                continue
            async for item in self._sent(path, key):
                yield item

    async def _sent(self, path: Path, key: str) -> AsyncIterator[Any]:
        """The items of one file. It counts as read when the last of them is safe."""
        held: RawItem | None = None
        try:
            for item in self.items(path):
                if held:
                    yield await self._ready(held, key, last=False)
                held = item
        except UserError as error:
            self.count("errors/layout")
            self.logger.warning("%s: %s", self.name, error)
        if held:
            yield await self._ready(held, key, last=True)
        elif self.recall:
            self.recall.nothing_on(key)

    async def _ready(self, item: RawItem, key: str, last: bool) -> RawItem:
        while self.waiting >= UNDER_WAY:
            await asyncio.sleep(0.005)
        self.waiting += 1
        if self.recall:
            self.recall.on_its_way(item, Visit(key, last=last, again=False))
        return item

    def items(self, path: Path) -> Iterator[RawItem]:
        """What stands in one file; what cannot be read is counted."""
        raise NotImplementedError

    def fault(self, file: str, where: object, reason: str) -> None:
        self.count("errors/row")
        self.logger.warning("%s: %s, %s: %s", self.name, file, where, reason)

    def _files(self) -> list[Path] | None:
        folder = self.source.folder
        assert folder is not None
        if not folder.is_dir():
            self.count("errors/no folder")
            self.logger.warning("%s: no folder %s", self.name, folder)
            return None
        before = time.time() - SETTLED
        return sorted(
            path for path in folder.rglob("*")
            if path.name.lower().endswith(self.suffixes) and not path.is_symlink()
            and path.is_file() and path.stat().st_mtime < before
        )  # fmt: skip


def _key(path: Path) -> str:
    """A file that was written anew is another file; its known rows are known all the same."""
    facts = path.stat()
    return f"file:{path.name}:{facts.st_size}:{facts.st_mtime_ns}"
