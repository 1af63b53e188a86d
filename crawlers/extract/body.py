"""The body of a page: the container that holds the text, else what trafilatura finds."""

from __future__ import annotations

import trafilatura
from lxml.html import HtmlElement

from crawlers.extract.dom import lines_of, select
from crawlers.extract.scripts import Embedded
from schemas.raw_item import MAX_TEXT

_MIN = 30


def find_body(tree: HtmlElement, data: Embedded, title: str, css: str | None = None) -> str:
    """The text of the article, one line per paragraph. The tree is used up."""
    if css and (chosen := [line for part in select(tree, css) for line in lines_of(part)]):
        return "\n".join(chosen)[:MAX_TEXT]
    found = trafilatura.extract(
        tree, include_comments=False, include_tables=True, favor_precision=False
    )
    lines = [line.strip() for line in (found or "").splitlines() if line.strip()]
    if len("".join(lines)) < _MIN or len("".join(data.body)) > 2 * len("".join(lines)):
        lines = data.body or lines
    if lines and lines[0] == title:
        lines = lines[1:]
    return "\n".join(lines)[:MAX_TEXT]
