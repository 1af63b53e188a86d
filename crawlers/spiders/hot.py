"""Hot-search lists: each title is an item; its rank is taken down whenever it changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy.http import Response

from crawlers.extract.charset import decode
from crawlers.hotlists import read_hot
from crawlers.items import make_item
from crawlers.spiders.answers import content_type
from crawlers.spiders.base import SourceSpider
from schemas.raw_item import Counts, Rank


class HotSpider(SourceSpider):
    name = "hot"
    kind = "hot"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        text, charset = decode(response.body, content_type(response))
        entries = read_hot(response.body, text, response.url, self.source.selectors)
        if entries is None:
            self.count("errors/layout")
            self.logger.warning("%s: %s holds no list of titles", self.name, response.url)
            return
        self.keys_read(response, [f"hot:{entry.key}" for entry in entries])
        now = self.now()
        if self.recall and (listed := response.meta.get("list")):
            yield from self.recall.left(listed, {f"hot:{entry.key}" for entry in entries})
        for entry in entries:
            ranks = [Rank(at=now, rank=entry.rank, heat=entry.heat)]
            item = make_item(
                self.source, entry.url or response.url, key=f"hot:{entry.key}", title=entry.title,
                text="", fetched_at=now, published_at=None,
                counts=Counts(rank=entry.rank, ranks=ranks),
                provenance=self.provenance(response, charset),
            )  # fmt: skip
            yield self.found(response, item, f"hot:{entry.key}")
