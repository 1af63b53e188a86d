"""One page seen once: what the readers of title, time, byline and counts share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import XPath
from lxml.etree import _Element as Element

from crawlers.extract.dom import metas, text_of
from crawlers.extract.embedded import Embedded

_TAGS = ("div", "span", "p", "em", "i", "b", "a", "li", "td", "font", "small", "strong", "h1", "h2",
         "h3", "h4", "h5", "section", "header", "dd", "dt", "address", "cite", "ul")  # fmt: skip
# Names that any reader asks for; the rest need not be read at all.
_ASKED = re.compile(
    r"time|date|pub|info|source|meta|author|byline|riqi|shijian|fabu|laiyuan|about|msg|sub|writer|"
    r"edit|media|from|name|count|num|view|read|comment|like|share|click|stat|reply|post|title|"
    r"headline|bt",
    re.I,
)
_LENGTH = XPath("string-length()")  # in C, and enough to pass the big ones by
_MAX_RAW = 2_000
_MAX_TEXT = 300


@dataclass(frozen=True)
class Holder:
    """A small element with a class or an id: where pages put their facts."""

    tag: str
    names: str
    text: str


@dataclass(frozen=True)
class View:
    tree: Element
    data: Embedded
    text: str  # of the whole page, on one line
    metas: dict[str, str]
    holders: list[Holder]


def view(tree: Element, data: Embedded) -> View:
    body = tree.find("body")
    text = text_of(tree if body is None else body)
    return View(tree, data, text, metas(tree), _holders(tree))


def _holders(tree: Element) -> list[Holder]:
    found = []
    for element in tree.iter(*_TAGS):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if len(names) == 1 or not _ASKED.search(names) or _LENGTH(element) > _MAX_RAW:
            continue
        text = text_of(element)
        if text and len(text) <= _MAX_TEXT:
            found.append(Holder(element.tag, names, text))
    return found
