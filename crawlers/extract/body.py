"""The body of a page: the container in which whole sentences stand densest.

Every block of text is weighed by its sentences; links, menus, recommendations and
comments weigh against their container. trafilatura reads what this finds too thin.
"""

from __future__ import annotations

from lxml.etree import _Element as Element

from crawlers.extract.blocks import Block, blocks
from crawlers.extract.container import best_container
from crawlers.extract.dom import lines_of, select
from crawlers.extract.lines import trim
from crawlers.extract.view import View
from schemas.raw_item import MAX_TEXT

_MIN = 30  # characters; less is no article


def find_body(page: View, source: str, title: str, css: str | None = None) -> str:
    """The text of the article, one line per paragraph; `source` is the page's html."""
    tree, data = page.tree, page.data
    if css and (chosen := [line for part in select(tree, css) for line in lines_of(part)]):
        return "\n".join(chosen)[:MAX_TEXT]
    lines = _visible(tree, title)
    agrees = data.sure or not data.title or data.title == title
    if _size(data.body) > max(_size(lines) * (1.2 if agrees else 20), _MIN):
        lines = trim(data.body, title)
    if _size(lines) < _MIN:
        found = _trafilatura(source)
        lines = max(lines, trim(found.splitlines(), title), key=_size)
    return "\n".join(lines)[:MAX_TEXT]


def _visible(tree: Element, title: str) -> list[str]:
    found: list[Block] = blocks(tree)
    container = best_container(found)
    if container is None:
        return []
    return trim([block.text for block in container], title)


def _trafilatura(source: str) -> str:
    """Only where our own finding fails; imported then, for it is slow to import."""
    import trafilatura

    return trafilatura.extract(source, include_comments=False, favor_recall=True) or ""


def _size(lines: list[str]) -> int:
    return sum(map(len, lines))
