"""An article inside a page's state object (Next.js, Nuxt, `window.DATA = {…}`): found by shape.

The longest text under a name that bodies have is the body; title, time and source stand
in the nearest object around it that has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawlers.extract.dom import squeeze
from crawlers.extract.embedded import Embedded
from crawlers.extract.javascript import html_lines

_BODY = frozenset(
    ("articleBody", "content", "contentHtml", "article_content", "articleContent", "txt", "text",
     "body", "data", "detail", "html", "contentText")
)  # fmt: skip
_TITLE = ("headline", "title", "name", "subject", "articleTitle")
_TIME = (
    "datePublished", "publishTime", "pubTime", "publish_time", "pub_time", "pubtime", "newsTime",
    "ptime", "pubDate", "pubDateLong", "publishDate", "createTime", "time", "date",
)  # fmt: skip
_AUTHOR = ("author", "authorName", "editorName")
_PUBLISHER = ("source", "publisher", "media", "mediaName", "media_name", "origin")
_MIN = 80
_PARAGRAPHS = ("<p", "<br", "<div", "\n")

Path = tuple[dict[str, Any], ...]


def read_state(data: Any, found: Embedded) -> None:
    """Fill `found` from a state object when it holds an article."""
    texts = list(_texts(data))
    if not texts:
        return
    path, body = max(texts, key=lambda pair: len(pair[1]))
    lines = html_lines(body)
    if sum(map(len, lines)) < _MIN:
        return
    found.body = lines
    around = path[::-1]
    found.title = _string(around, _TITLE)
    found.author = found.author or _string(around, _AUTHOR)
    found.publisher = found.publisher or _string(around, _PUBLISHER)
    for node in around:
        moments = [node[key] for key in _TIME if isinstance(node.get(key), str | int)]
        if moments:
            found.published += [str(moment) for moment in moments]
            break


def objects(data: Any) -> Iterator[Path]:
    """Every object inside `data` with those around it. Iterative: state can nest deep."""
    stack: list[tuple[Path, Any]] = [((), data)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, dict):
            inside = (*path[-6:], node)
            yield inside
            stack.extend((inside, value) for value in node.values())
        elif isinstance(node, list):
            stack.extend((path, value) for value in node)


def _texts(data: Any) -> Iterator[tuple[Path, str]]:
    for path in objects(data):
        for key, value in path[-1].items():
            if key in _BODY and isinstance(value, str) and len(value) >= _MIN:
                titled = any(isinstance(node.get(k), str) for node in path for k in _TITLE)
                if titled and (any(mark in value for mark in _PARAGRAPHS) or "。" in value):
                    yield path, value


def _string(around: Path, keys: tuple[str, ...]) -> str:
    for node in around:
        for key in keys:
            if text := name(node.get(key)):
                return text
    return ""


def name(value: Any) -> str:
    """The name in a value that may be a string, an object with a name, or a list of these."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("nickname") or ""
    return squeeze(value)[:1_000] if isinstance(value, str) else ""
