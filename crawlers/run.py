"""Run spiders of several sources in one process, and say what each brought."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawlers.sources import Source
from crawlers.summary import Summary, summarise
from infra import logs
from schemas.errors import UserError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# The spider's errback says each of these once, in one line, with the source's name.
SAID_BETTER = (
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.httpcompression",
    "aiokafka",
    "trafilatura",
)
Progress = Callable[[int, int], None]  # pages, items so far


def collect(
    sources: Sequence[Source], out: str | None = None, progress: Progress | None = None,
    memory: Path | None = None, again: bool = False,
    append: bool = False, overrides: dict[str, object] | None = None,
) -> list[Summary]:  # fmt: skip
    """Crawl all `sources` at once. Blocks, and once per process: Twisted's reactor starts once.

    With a `memory` what was fetched before is not fetched again, unless `again`.
    """
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from crawlers.spiders.kinds import SPIDERS

    config = Settings()
    config.setmodule("crawlers.settings", priority="project")
    if out:
        if out != "-" and not append:
            _empty(Path(out))
        config.set("TINGCHAO_OUT", out, priority="cmdline")
    if memory:
        config.set("TINGCHAO_MEMORY", str(memory), priority="cmdline")
        config.set("TINGCHAO_AGAIN", again, priority="cmdline")
    config.setdict(overrides or {}, priority="cmdline")
    logs.structured()
    process = AsyncCrawlerProcess(config)
    for name in SAID_BETTER:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    crawlers: list[tuple[Source, Crawler]] = []
    for source in sources:
        crawler = process.create_crawler(SPIDERS[source.kind])
        process.crawl(crawler, source=source)
        crawlers.append((source, crawler))
    if progress:
        _watch([crawler for _, crawler in crawlers], progress)
    process.start()
    return [
        summarise(source.name, source.kind, crawler.stats.get_stats() if crawler.stats else {})
        for source, crawler in crawlers
    ]


def _empty(path: Path) -> None:
    try:
        path.write_bytes(b"")
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}", "give another file") from None


def _watch(crawlers: list[Crawler], progress: Progress) -> None:
    """Report the sums of all spiders a few times a second."""
    from twisted.internet.task import LoopingCall

    def report() -> None:
        stats = [crawler.stats.get_stats() for crawler in crawlers if crawler.stats]
        pages = sum(int(s.get("tingchao/pages", 0)) for s in stats)
        progress(pages, sum(int(s.get("tingchao/published", 0)) for s in stats))

    LoopingCall(report).start(0.25, now=False)
