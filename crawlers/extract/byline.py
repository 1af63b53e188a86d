"""Who published a page and who wrote it."""

from __future__ import annotations

import re

from crawlers.extract.dom import first_text, squeeze
from crawlers.extract.view import View

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
_SLASHED = re.compile(rf"^({_NAME})[/／]([\u4e00-\u9fff]{{2,12}}(?:报|网|社|新闻|周刊|电视台))$")
_ACCOUNT = re.compile(r"(^|[\s_-])(author|account|media)[-_]?name(?=$|[\s_-])", re.I)
# What a person did for the text, printed after the name.
_WORK = re.compile(r"[ 、,，]?(整合|整理|摄影?|报道|文/?图?|编译|通讯员|实习生|发自).*$")
_BYLINE = 3_000  # characters of the page in which a byline is looked for
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


def find_publisher(page: View, css: str | None = None) -> str | None:
    """The medium: selector, data, the shown 来源, an account's name, meta entries."""
    chosen = first_text(page.tree, css) or page.data.publisher or _labelled(page, _SOURCE)
    chosen = chosen or _account(page) or _slashed(page, 2)
    return _clean(chosen or _meta(page, _PUBLISHER_META))


def find_author(page: View, css: str | None = None) -> str | None:
    """The byline as the page prints it, or None."""
    chosen = first_text(page.tree, css) or page.data.author or _labelled(page, _AUTHOR)
    chosen = chosen or _first(_REPORTER.search(page.text[:_BYLINE])) or _slashed(page, 1)
    if not chosen:
        chosen = _meta(page, _AUTHOR_META)
        # Many sites fill the entry with their own name, or leave the theme's example in it.
        if "@" in chosen or (chosen and chosen in (page.tree.findtext(".//title") or "")):
            return None
    author = _clean(_WORK.sub("", chosen))
    return None if author == find_publisher(page) else author


def _account(page: View) -> str:
    """The name of the account on platforms of self-published media."""
    names = (h.text for h in page.holders if _ACCOUNT.search(h.names) and 2 <= len(h.text) <= 20)
    return next(names, "")


def _slashed(page: View, part: int) -> str:
    """`石某/某某青年报`: who, and for which paper."""
    matches = (_SLASHED.match(h.text) for h in page.holders if len(h.text) <= 24)
    return next((match[part] for match in matches if match), "")


def _labelled(page: View, pattern: re.Pattern[str]) -> str:
    for holder in page.holders:
        if _NAMED.search(holder.names) and (match := pattern.search(holder.text)):
            return _first(match)
    return _first(pattern.search(page.text[:_BYLINE]))


def _first(match: re.Match[str] | None) -> str:
    return _STOP.sub("", next(filter(None, match.groups()), "")) if match else ""


def _meta(page: View, names: tuple[str, ...]) -> str:
    return next((page.metas[name] for name in names if name in page.metas), "")


def _clean(text: str) -> str | None:
    text = re.sub(r"^(来源|作者|记者|编辑|责任编辑)\s*[:：]\s*", "", squeeze(text)).strip(" -_|:：")
    return text[:200] if text and not text.startswith(("http:", "https:", "{")) else None
