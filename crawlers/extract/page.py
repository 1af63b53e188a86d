"""One article page, read: what `extract` returns, and the order in which parts are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import html as lxml_html
from lxml.etree import ParserError

from crawlers.extract.body import find_body
from crawlers.extract.byline import find_author, find_publisher
from crawlers.extract.charset import decode
from crawlers.extract.counts import find_counts
from crawlers.extract.published import find_time, page_clock
from crawlers.extract.scripts import Embedded, embedded
from crawlers.extract.title import find_title
from crawlers.sources import Selectors
from schemas.raw_item import Counts

_PARSER = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True)


@dataclass(frozen=True)
class Page:
    title: str = ""
    body: str = ""
    published_at: datetime | None = None
    author: str | None = None
    publisher: str | None = None
    counts: Counts | None = None
    charset: str = ""
    canonical: str | None = None


def parse(text: str) -> lxml_html.HtmlElement | None:
    """The tree of a page, or None when there is nothing in it."""
    try:
        clean = text.replace("\0", "").encode("utf-8", "replace")
        tree = lxml_html.document_fromstring(clean, parser=_PARSER)
    except (ParserError, ValueError):
        return None
    return tree if len(tree) else None


def extract(
    html: bytes,
    url: str | None = None,
    content_type: str | None = None,
    now: datetime | None = None,
    selectors: Selectors | None = None,
) -> Page:
    """Title, time, byline and body of an article page; what is not there stays empty.

    `now` is when the page was fetched; relative times count from it. Of a saved page
    whose time is not known, the newest moment that its scripts carry stands in.
    """
    text, charset = decode(html, content_type)
    tree = parse(text)
    if tree is None:
        return Page(charset=charset)
    wanted = selectors or Selectors()
    data: Embedded = embedded(text)
    now = now or page_clock(text)
    title = find_title(tree, data, wanted.title)
    found = {
        "published_at": find_time(tree, data, title, url, now, wanted.published_at),
        "author": find_author(tree, data, wanted.author),
        "publisher": find_publisher(tree, data, wanted.publisher),
        "counts": find_counts(tree, data),
        "canonical": _canonical(tree),
    }

    body = find_body(tree, data, title, wanted.body)
    return Page(title=title, body=body, charset=charset, **found)  # type: ignore[arg-type]


def _canonical(tree: lxml_html.HtmlElement) -> str | None:
    for link in tree.iter("link"):
        href = (link.get("href") or "").strip()
        if (link.get("rel") or "").lower() == "canonical" and href.startswith("http"):
            return href[:2_048]
    return None
