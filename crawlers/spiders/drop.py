"""Partner feeds and other crawlers by file drop: Excel, CSV, JSON lines, WARC."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from crawlers.extract import extract
from crawlers.items import article_item
from crawlers.spiders.local import LocalSpider
from crawlers.tables.columns import guess
from crawlers.tables.read import SUFFIXES, read_rows
from crawlers.tables.rows import Fault, row_item
from crawlers.warc import read_warc
from infra.author_key import author_key
from schemas.raw_item import Provenance, RawItem


class DropSpider(LocalSpider):
    name = "drop"
    kind = "drop"
    suffixes = (*SUFFIXES, ".warc", ".warc.gz")

    def items(self, path: Path) -> Iterator[RawItem]:
        if path.name.lower().endswith((".warc", ".warc.gz")):
            yield from self._pages(path)
            return
        rows = read_rows(path)
        first = list(islice(rows, 200))
        header = list(dict.fromkeys(name for row in first for name in row.values))
        mapping = guess(header) | self.source.columns
        for row in chain(first, rows):
            found = row_item(row, mapping, self.source, author_key(), self.now(), "spider:drop")
            if isinstance(found, Fault):
                self.fault(path.name, f"行 {found.number} {found.column}", found.reason)
            else:
                yield found

    def _pages(self, path: Path) -> Iterator[RawItem]:
        for kept in read_warc(path):
            if kept.status != 200:
                self.fault(path.name, kept.url, f"HTTP {kept.status}")
                continue
            fetched = kept.fetched_at or self.now()
            page = extract(kept.body, kept.url, kept.content_type, fetched, self.source.selectors)
            if not page.title and not page.body:
                self.count("errors/layout")
                continue
            provenance = Provenance(
                collector="spider:warc", status=kept.status, charset=page.charset
            )
            yield article_item(self.source, kept.url, page, fetched, provenance, author_key)
