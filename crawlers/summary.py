"""What a crawl brought, per source, and when nothing came: why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

ALL_SEEN = "all seen"  # nothing new, which is no failure


@dataclass
class Summary:
    source: str
    kind: str
    pages: int = 0  # answers of any kind, robots.txt left out
    items: int = 0
    links: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)  # edited, deleted, returned
    seconds: float = 0.0
    finish: str = ""
    why: str | None = None  # no item came because …
    failed: str | None = None  # the crawl did not keep what it fetched

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def summarise(source: str, kind: str, stats: Mapping[str, Any]) -> Summary:
    """Pure: Scrapy's counters of one finished spider in our words."""
    errors = _under(stats, "tingchao/errors/")
    if crashed := int(stats.get("spider_exceptions/count", 0)):
        errors["exception in the spider"] = crashed
    skipped = _under(stats, "tingchao/skipped/")
    if redirected := int(stats.get("offsite/filtered", 0)):
        skipped["offsite"] = skipped.get("offsite", 0) + redirected
    found = Summary(
        source=source,
        kind=kind,
        pages=int(stats.get("tingchao/pages", 0)),
        items=int(stats.get("tingchao/published", 0)),
        links=int(stats.get("tingchao/links", 0)),
        errors=errors,
        skipped=skipped,
        changes=_under(stats, "tingchao/changes/"),
        seconds=round(float(stats.get("elapsed_time_seconds", 0.0)), 2),
        finish=str(stats.get("finish_reason", "")),
        failed=stats.get("tingchao/publish_error"),
    )
    if not found.items and not found.failed:
        unchanged = int(stats.get("tingchao/unchanged_lists", 0))
        found.why = _why(found, int(stats.get("tingchao/lists", 0)), unchanged)
    return found


def _why(found: Summary, lists: int, unchanged_lists: int = 0) -> str:
    """The first cause in the order of the way: reach, permission, list, articles."""
    known = sum(found.skipped.get(name, 0) for name in ("seen", "unchanged", "gone"))
    if known + unchanged_lists > sum(found.errors.values()):
        return ALL_SEEN
    if lists and found.links:
        worst = max(found.errors, key=lambda name: found.errors[name], default="")
        if worst:
            return f"articles: {worst}"
        offsite = found.skipped.get("offsite", 0)
        return "articles on other hosts" if offsite else ALL_SEEN
    if found.errors:
        return max(found.errors, key=lambda name: found.errors[name])
    if lists:
        return "empty list or changed layout"
    return "time limit" if "timeout" in found.finish else f"stopped early ({found.finish})"


def _under(stats: Mapping[str, Any], prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix): int(value)
        for name, value in sorted(stats.items())
        if name.startswith(prefix)
    }


class SummaryExtension:
    """Counts pages, and says in the log why nothing came (`scrapy crawl` has no other place)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.received, signal=signals.response_received)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def received(self, response: Response, request: Request, spider: Any) -> None:
        if not request.meta.get("dont_obey_robotstxt"):  # that is robots.txt itself
            self.crawler.stats.inc_value("tingchao/pages")

    def closed(self, spider: Any, reason: str) -> None:
        stats = {**self.crawler.stats.get_stats(), "finish_reason": reason}
        found = summarise(spider.source.name, spider.kind, stats)
        if found.failed or (found.why and found.why != ALL_SEEN):
            spider.logger.error("%s: %s", found.source, found.failed or f"no items: {found.why}")
