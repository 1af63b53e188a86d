"""Who published a page and who wrote it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawlers.extract.dom import first_text, metas, squeeze, text_of
from crawlers.extract.scripts import Embedded

_NAME = r"[\u4e00-\u9fff·]{2,4}(?:[ 、，,][\u4e00-\u9fff·]{2,4}){0,3}"
_SOURCE = re.compile(
    r"(?:信息来源|文章来源|稿源|来源|来自|出处)\s*[:：]\s*([^\s|｜:：()（）\[\]【】,，。;；]{2,30})"
)
# Only what is labelled: a name that merely follows 记者 in running text is often no name.
_AUTHOR = re.compile(
    rf"(?:作者|撰文|采写|采写记者|文字|文/图|图/文)\s*[:：/丨|]\s*(?:[^\s:：]{{0,8}}记者\s*)?({_NAME})(?![\u4e00-\u9fff])"
)
_REPORTER = re.compile(
    rf"[（(](?:[^（()）]{{0,12}}?)记者\s*({_NAME})\s*(?:[）)]|通讯员|摄|报道|整合|文)|"
    rf"(?:本报|本网|本台|晚报|日报|都市报|[^\s，。]{{2,6}}报)记者\s*({_NAME})\s*(?:$|摄|报道|文|实习)"
)
_NAMED = re.compile(
    r"source|author|byline|info|meta|laiyuan|writer|editor|media|from|about|name", re.I
)
_STOP = re.compile(r"\s*(发布|时间|日期|编辑|责编|作者|来源|点击|浏览|字号|分享|评论|阅读).*$")
_PUBLISHER_META = (
    "mediaid",
    "source",
    "contentsource",
    "article:publisher",
    "og:article:author",
    "publisher",
    "og:site_name",
    "application-name",
)
_AUTHOR_META = ("author", "article:author", "dc.creator", "creator")


def find_publisher(tree: HtmlElement, data: Embedded, css: str | None = None) -> str | None:
    """The medium: selector, data, the shown 来源, meta entries."""
    chosen = first_text(tree, css) or data.publisher
    if not chosen:
        chosen = _labelled(tree, _SOURCE)
    if not chosen:
        meta = metas(tree)
        chosen = next((meta[name] for name in _PUBLISHER_META if name in meta), "")
    return _clean(chosen)


def find_author(tree: HtmlElement, data: Embedded, css: str | None = None) -> str | None:
    """The byline as the page prints it, or None."""
    chosen = first_text(tree, css) or data.author or _labelled(tree, _AUTHOR)
    if not chosen:
        meta = metas(tree)
        chosen = next((meta[name] for name in _AUTHOR_META if name in meta), "")
    return _clean(chosen)


def _labelled(tree: HtmlElement, pattern: re.Pattern[str]) -> str:
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "body", "html"):
            continue
        if not _NAMED.search(f"{element.get('class', '')} {element.get('id', '')}"):
            continue
        text = text_of(element)
        if len(text) <= 300 and (match := pattern.search(text)):
            return _STOP.sub("", match[1])
    body = tree.find("body")
    text = text_of(body)[:3_000] if body is not None else ""
    match = pattern.search(text) or (_REPORTER.search(text) if pattern is _AUTHOR else None)
    return _STOP.sub("", next(filter(None, match.groups()), "")) if match else ""


def _clean(text: str) -> str | None:
    text = re.sub(r"^(来源|作者|记者|编辑|责任编辑)\s*[:：]\s*", "", squeeze(text)).strip(" -_|:：")
    return text[:200] if text and not text.startswith(("http:", "https:", "{")) else None
