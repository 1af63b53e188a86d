"""Small helpers on lxml trees that the readers of title, time, byline and body share."""

from __future__ import annotations

import re
from functools import lru_cache

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import _Element as Element

from schemas.errors import UserError

_BLANK = re.compile(r"[ \t\r\n\f\v\u00a0\u3000\u200b\ufeff]+")


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BREAKS = words(
    "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 section article blockquote pre dl dt dd "
    "figure figcaption header footer form hr center"
)
_UNSEEN = words("script style noscript template svg iframe textarea select button object")


def squeeze(text: str) -> str:
    """Runs of blanks as one, none at the ends."""
    return _BLANK.sub(" ", text).strip() if text else ""


def text_of(element: Element) -> str:
    """The text of an element on one line."""
    if not len(element):
        return "" if element.tag in _UNSEEN else squeeze(element.text or "")
    return squeeze("".join(_pieces(element)).replace("\n", " "))


def lines_of(element: Element) -> list[str]:
    """The text of an element as it reads: one entry per block, empty ones left out."""
    lines = (squeeze(line) for line in "".join(_pieces(element)).split("\n"))
    return [line for line in lines if line]


def _pieces(element: Element) -> list[str]:
    """Text in document order with a newline at the edges of blocks. Iterative: pages nest deep."""
    pieces: list[str] = []
    stack: list[Element | str] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        if not isinstance(node.tag, str) or node.tag in _UNSEEN:
            continue
        block = node.tag in _BREAKS
        if block:
            pieces.append("\n")
            stack.append("\n")
        if node.text:
            pieces.append(node.text.replace("\n", " ") if node.tag != "pre" else node.text)
        for child in reversed(node):
            if child.tail:
                stack.append(child.tail.replace("\n", " ") if node.tag != "pre" else child.tail)
            stack.append(child)
    return pieces


@lru_cache(256)
def _selector(css: str) -> CSSSelector:
    try:
        return CSSSelector(css, translator="html")
    except SelectorError as error:
        raise UserError(f"selector {css!r}: {error}", "mend it in the source's file") from None


def select(tree: Element, css: str | None) -> list[Element]:
    return list(_selector(css)(tree)) if css else []


def first_text(tree: Element, css: str | None) -> str:
    """The text of the first match; a <meta> gives its content."""
    for element in select(tree, css):
        if text := squeeze(element.get("content") or "") or text_of(element):
            return text
    return ""


def metas(tree: Element) -> dict[str, str]:
    """The page's <meta> entries by name, property or itemprop, in lower case; first wins."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = squeeze(meta.get("content") or "")
        if name and content:
            found.setdefault(name.lower(), content)
    return found
