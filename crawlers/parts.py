"""Articles over several pages: which link leads to the next part, and the parts joined. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawlers.anchors import anchors, canonical, link_text
from crawlers.extract.dom import select
from crawlers.extract.page import parse
from crawlers.paging import NEXT_TEXT

MAX_PARTS = 30
_MARKS = ("下一页", "下页", "后一页", "后页", 'rel="next"', "Next")
_PAGE_NAMES = {"page", "p", "pn", "pageno", "page_no", "curpage", "pageindex"}


def next_part(
    body: bytes, charset: str, base: str, first: str, number: int, selector: str | None
) -> str | None:
    """The address of the part after the one at `base`, part `number` of the article at `first`.

    "下一页" on an article page may mean the next article: the address has to be the first
    one's with a page number more, unless the source's own selector names the link.
    """
    marked = selector or any(mark.encode(charset, "ignore") in body for mark in _MARKS)
    # Most articles have one page; they are not parsed again for this.
    tree = parse(body.decode(charset, "replace")) if marked else None
    if tree is None:
        return None
    if selector:
        chosen = [canonical(urljoin(base, a.get("href") or "")) for a in select(tree, selector)]
        return next((url for url in chosen if url != canonical(base)), None)
    for anchor, url in anchors(tree, base):
        is_next = (anchor.get("rel") or "").lower() == "next" or NEXT_TEXT.match(link_text(anchor))
        # Some count the second part from 1.
        if is_next and _page_of(first, url) in (number, number + 1) and url != canonical(base):
            return url
    return None


def _page_of(first: str, url: str) -> int | None:
    """Which page of the article at `first` the address is: `/a/123_2.html` is 2 of `/a/123.html`;
    None when it is another article's."""
    (start, place, _), (path, where, number) = _split(first), _split(url)
    if place != where:
        return None
    if path == start:
        return number
    match = re.fullmatch(r"[_/-](?:p|page)?(\d{1,3})", path.removeprefix(start))
    return int(match[1]) if match and path.startswith(start) else None


def _split(url: str) -> tuple[str, str, int | None]:
    """(the path without its ending, host and the rest of the query, the page in the query)."""
    parts = urlsplit(canonical(url))
    number, kept = None, []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name.lower() in _PAGE_NAMES and re.fullmatch("[0-9]{1,3}", value):
            number = int(value)
        else:
            kept.append((name, value))
    path = re.sub(r"\.(s?html?|php|jsp|aspx?)$", "", parts.path).rstrip("/")
    return path, f"{parts.netloc}?{kept}", number


def joined(bodies: Sequence[str]) -> str:
    """The parts in their order; the lines that each part repeats at its start count once."""
    first, lines = bodies[0].splitlines(), bodies[0].splitlines()
    for body in bodies[1:]:
        own = body.splitlines()
        same = 0
        while same < min(len(own), len(first)) and own[same] == first[same]:
            same += 1
        lines += own[same:]
    return "\n".join(lines)
