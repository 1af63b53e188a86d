"""RSS and Atom: each entry, with the full article where it is linked and can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.anchors import canonical
from crawlers.extract import Page, extract
from crawlers.feeds import Entry, read_feed
from crawlers.items import article_item
from crawlers.spiders.answers import content_type
from crawlers.spiders.base import SourceSpider
from infra.author_key import author_key
from schemas.raw_item import Provenance, RawItem


class FeedSpider(SourceSpider):
    name = "feed"
    kind = "feed"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        entries = read_feed(response.body, content_type(response), response.url, self.now())
        if entries is None:
            self.count("errors/layout")
            self.logger.warning("%s: %s is no RSS or Atom feed", self.name, response.url)
            return
        self.list_read(response, [entry.url or entry.key for entry in entries])
        for entry in entries:
            linked = entry.url and self.page(
                entry.url, self.parse_article, cb_kwargs={"entry": entry}
            )
            if linked:
                # The entry stands in for the article when the article cannot be had.
                yield linked.replace(errback=self._only_entry)
            elif not entry.url or hash(canonical(entry.url)) not in self.seen:
                item = self._item(entry, Page())
                yield self.found(response, item, self.source.key(canonical(entry.url or entry.key)))

    def parse_article(self, response: Response, entry: Entry) -> Iterator[Any]:
        page = Page()
        if self.is_html(response):
            page = extract(
                response.body,
                response.url,
                content_type(response),
                self.now(),
                self.source.selectors,
            )
        yield self.found(response, self._item(entry, page, self.provenance(response, page.charset)))

    def _only_entry(self, failure: Failure) -> Iterator[Any]:
        told = list(self.failed(failure))
        yield from told
        status = getattr(getattr(failure.value, "response", None), "status", None)
        if not told and status != 304:
            yield self._item(failure.request.cb_kwargs["entry"], Page())  # type: ignore[attr-defined]

    def _item(self, entry: Entry, page: Page, provenance: Provenance | None = None) -> RawItem:
        """The feed's own title and time win, the longer text wins."""
        merged = replace(
            page,
            title=entry.title or page.title,
            body=max(page.body, entry.text, key=len),
            published_at=entry.published_at or page.published_at,
            author=page.author or entry.author,
        )
        origin = provenance or Provenance(collector=f"spider:{self.kind}")
        return article_item(
            self.source, entry.url or entry.key, merged, self.now(), origin, author_key
        )
