"""Single articles by their addresses: WeChat articles, a notice to be watched."""

from __future__ import annotations

from scrapy import Request

from crawlers.spiders.article import ArticleSpider


class PageSpider(ArticleSpider):
    name = "page"
    kind = "page"

    def listing(self, url: str) -> Request | None:
        """The start pages are the articles themselves."""
        return self.page(url, self.parse_article)
