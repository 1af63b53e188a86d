"""News sites: list pages → articles, over pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawlers.spiders.lists import ListSpider
from crawlers.spiders.reading import ArticleReader


class ArticleSpider(ListSpider, ArticleReader):
    name = "article"
    kind = "article"

    def entry(self, url: str, priority: int = 0) -> Request | None:
        return self.page(url, self.parse_article, priority=priority)

    def parse_article(self, response: Response) -> Iterator[Any]:
        if page := self.read(response):
            yield from self.whole(response, page)
