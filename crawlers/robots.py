"""robots.txt as RFC 9309 has it: when it cannot be had, nothing is fetched.

Scrapy's own middleware fetches everything when robots.txt fails, and reads the body
of an error page as if it were rules.
"""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from crawlers.politeness import keep_delay


class StrictRobots(RobotsTxtMiddleware):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, Exception] = {}

    async def process_request(self, request: Request, spider: Any = None) -> None:
        await super().process_request(request)
        error = self._unreachable.get(urlparse_cached(request).netloc)
        # The request for robots.txt itself goes through, and so do requests that need none.
        if error is not None and not request.meta.get("dont_obey_robotstxt"):
            raise error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._unreachable[netloc] = IgnoreRequest(f"robots.txt answered {response.status}")
        if response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
        rules: Any = self._parsers[netloc]
        if rules and (delay := rules.crawl_delay(self._robotstxt_useragent or "*")):
            keep_delay(self.crawler, request, delay)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest):
            self._unreachable[netloc] = exc
        super()._robots_error(exc, netloc)
