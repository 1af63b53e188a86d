"""Crawl-delay: the pause that a site's robots.txt asks for is kept, whatever else says less."""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response

MAX_CRAWL_DELAY = 60.0  # seconds; who asks for more would never be read through


def keep_delay(crawler: Crawler, request: Request, delay: float) -> None:
    """From now on at least `delay` seconds between two requests to the request's host."""
    downloader: Any = crawler.engine.downloader
    key = downloader.get_slot_key(request)
    delay = max(min(delay, MAX_CRAWL_DELAY), crawler.settings.getfloat("DOWNLOAD_DELAY"))
    # Scrapy forgets idle hosts; the settings are for when it meets this one again.
    downloader.per_slot_settings[key] = {"delay": delay, "jitter": 0, "concurrency": 1}
    if slot := downloader.slots.get(key):
        slot.delay, slot.jitter, slot.concurrency = delay, 0, 1


class PoliteThrottle(AutoThrottle):
    """AutoThrottle that slows down below no site's own wish."""

    def _adjust_delay(self, slot: Any, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        downloader: Any = self.crawler.engine.downloader
        key = response.meta.get("download_slot") or ""
        slot.delay = max(slot.delay, downloader.per_slot_settings.get(key, {}).get("delay", 0.0))
