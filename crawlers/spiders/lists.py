"""List pages, as sites and forums have them: what they lead to, then the next list page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawlers.extract.charset import decode
from crawlers.extract.page import parse
from crawlers.links import list_page
from crawlers.spiders.answers import content_type
from crawlers.spiders.base import SourceSpider


class ListSpider(SourceSpider):
    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        if not self.is_html(response):
            return
        tree = parse(decode(response.body, content_type(response))[0])
        links, following = list_page(tree, response.url, self.source.selectors)
        news = self.list_read(response, [link.url for link in links])
        for link in links:
            yield self.entry(link.url, priority=1)
        if following and news:
            yield self.listing(following)

    def entry(self, url: str, priority: int = 0) -> Request | None:
        """The request for one of the pages that a list leads to."""
        raise NotImplementedError

    def revisit(self, url: str) -> Request | None:
        return self.entry(url)
