"""Sitemaps, news sitemaps and indices of them → articles, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawlers.sitemaps import Place, read_sitemap
from crawlers.spiders.reading import ArticleReader


class SitemapSpider(ArticleReader):
    name = "sitemap"
    kind = "sitemap"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        read = read_sitemap(response.body, self.now())
        if read is None:
            self.count("errors/layout")
            self.logger.warning("%s: %s is no sitemap", self.name, response.url)
            return
        is_index, places = read
        news = self.list_read(response, [] if is_index else [place.url for place in places])
        for place in places:
            if is_index and news:
                yield self.listing(place.url)
            elif not is_index:
                yield self.revisit(place.url, place)

    def revisit(self, url: str, place: Place | None = None) -> Request | None:
        return self.page(url, self.parse_article, priority=1, cb_kwargs={"place": place})

    def parse_article(self, response: Response, place: Place | None) -> Iterator[Any]:
        page = self.read(response)
        if page is None:
            return
        # A news sitemap declares the minute; the rest counts where the page says nothing.
        page = replace(
            page,
            title=page.title or (place.title if place else ""),
            published_at=(place.published_at if place else None) or page.published_at,
            publisher=page.publisher or (place.publisher if place else None),
        )
        yield from self.whole(response, page)
