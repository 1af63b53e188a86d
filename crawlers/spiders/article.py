"""News sites: list pages → articles, over pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawlers.extract import extract
from crawlers.extract.charset import decode
from crawlers.extract.page import parse
from crawlers.items import article_item
from crawlers.links import list_page
from crawlers.spiders.base import SourceSpider
from infra.author_key import author_key


class ArticleSpider(SourceSpider):
    name = "article"
    kind = "article"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        """A list page: its articles, then the next list page."""
        if not self.is_html(response):
            return
        tree = parse(decode(response.body, content_type(response))[0])
        links, following = list_page(tree, response.url, self.source.selectors)
        news = self.list_read(response, [link.url for link in links])
        for link in links:
            yield self.page(link.url, self.parse_article, priority=1)
        if following and news:
            yield self.listing(following)

    def revisit(self, url: str) -> Request | None:
        return self.page(url, self.parse_article)

    def parse_article(self, response: Response) -> Iterator[Any]:
        if not self.is_html(response):
            return
        now = self.now()
        page = extract(
            response.body, response.url, content_type(response), now, self.source.selectors
        )
        if not page.title and not page.body:
            self.unreadable(response)
            self.logger.warning("%s: %s: no title and no body found", self.name, response.url)
            return
        if not page.body:
            self.count("bodiless")
        provenance = self.provenance(response, page.charset)
        item = article_item(self.source, response.url, page, now, provenance, author_key)
        yield self.found(response, item)


def content_type(response: Response) -> str | None:
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None
