"""Reading an article: its page, and the pages that it goes on over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.extract import Page, extract
from crawlers.items import article_item
from crawlers.parts import MAX_PARTS, joined, next_part
from crawlers.spiders.answers import content_type
from crawlers.spiders.base import SourceSpider
from infra.author_key import author_key


@dataclass
class Reading:
    """An article whose first page was read and that goes on."""

    first: Response
    page: Page
    bodies: list[str]


class ArticleReader(SourceSpider):
    def read(self, response: Response) -> Page | None:
        """What stands on an article page; None (and counted) when nothing does."""
        if not self.is_html(response):
            return None
        page = extract(
            response.body, response.url, content_type(response), self.now(), self.source.selectors
        )
        if not page.title and not page.body:
            self.unreadable(response)
            return None
        return page

    def whole(self, response: Response, page: Page) -> Iterator[Any]:
        """The item, or first the article's other pages."""
        yield from self._go_on(response, Reading(response, page, [page.body]))

    def _go_on(self, response: Response, reading: Reading) -> Iterator[Any]:
        following = next_part(
            response.body, reading.page.charset, response.url, reading.first.url,
            len(reading.bodies), self.source.selectors.next_part,
        )  # fmt: skip
        if following and len(reading.bodies) < MAX_PARTS:
            request = self.request(
                following, self._part, priority=2, cb_kwargs={"reading": reading},
                errback=partial(self._part_missing, reading),
            )  # fmt: skip
            if request:
                yield request
                return
        if following:  # a circle, the page limit, or one page too many
            self.count("parts/cut")
        yield self._item(reading)

    def _part(self, response: Response, reading: Reading) -> Iterator[Any]:
        page = Page()
        if self.is_html(response):
            page = extract(
                response.body, response.url, content_type(response), self.now(),
                self.source.selectors,
            )  # fmt: skip
        if not page.body or page.body in reading.bodies:
            self.count("parts/cut")
            yield self._item(reading)
            return
        reading.bodies.append(page.body)
        self.count("parts")
        yield from self._go_on(response, reading)

    def _part_missing(self, reading: Reading, failure: Failure) -> Iterator[Any]:
        """What there is of the article is kept; the next visit asks for all of it."""
        self.count("parts/missing")
        yield from self.failed(failure)
        yield self._item(reading)

    def _item(self, reading: Reading) -> Any:
        page, response = reading.page, reading.first
        if len(reading.bodies) > 1:
            page = replace(page, body=joined(reading.bodies))
            # Its first page does not tell whether the others changed: no 304 for it.
            for name in ("ETag", "Last-Modified"):
                response.headers.pop(name, None)
        if not page.body:
            self.count("bodiless")
        provenance = self.provenance(response, page.charset)
        item = article_item(self.source, response.url, page, self.now(), provenance, author_key)
        return self.found(response, item)
