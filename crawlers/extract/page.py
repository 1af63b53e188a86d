"""One article page, read: what `extract` returns, and the order in which parts are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml.etree import _Element as Element

from crawlers.extract.body import find_body
from crawlers.extract.byline import find_author, find_publisher
from crawlers.extract.charset import decode
from crawlers.extract.counts import find_counts
from crawlers.extract.published import find_time, page_clock
from crawlers.extract.scripts import embedded
from crawlers.extract.title import find_title
from crawlers.extract.view import view
from crawlers.selectors import Selectors
from schemas.raw_item import Counts

# Not lxml.html's parser: its element classes cost a Python call per element.
_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


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


def parse(text: str) -> Element | None:
    """The tree of a page, or None when there is nothing in it."""
    try:
        tree = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), _PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree if tree is not None and len(tree) else None


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
    alive = list(tree.iter())  # lxml makes an element's proxy anew unless somebody holds it
    page = view(tree, embedded(text))
    title = find_title(page, wanted.title)
    published = find_time(page, title, url, now, wanted.published_at)
    if published is None and now is None and (clock := page_clock(text)):
        published = find_time(page, title, url, clock, wanted.published_at)
    found = Page(
        title=title,
        body=find_body(page, text, title, wanted.body),
        published_at=published,
        author=find_author(page, wanted.author),
        publisher=find_publisher(page, wanted.publisher),
        counts=find_counts(page),
        charset=charset,
        canonical=_canonical(tree),
    )
    del alive
    return found


def _canonical(tree: Element) -> str | None:
    for link in tree.iter("link"):
        href = (link.get("href") or "").strip()
        if (link.get("rel") or "").lower() == "canonical" and href.startswith("http"):
            return href[:2_048]
    return None
