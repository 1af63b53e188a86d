"""A forum page, read: the posts in order, each with author, time and text. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from lxml.etree import _Element as Element

from crawlers.extract.counts import read_counts
from crawlers.extract.dom import first_text, lines_of, select, squeeze, text_of
from crawlers.extract.embedded import Embedded
from crawlers.extract.times import parse_time
from crawlers.extract.title import find_title
from crawlers.extract.view import view
from crawlers.paging import next_page
from crawlers.selectors import Selectors
from schemas.raw_item import Counts

# Markup of widespread forum software; a source's own selectors come first.
_POST = ("div[id^=post_]:not([id^=post_rate])", "li.post, div.post, article.post",
         "div.floor, li.floor, div.reply, li.reply", "li.comment, div.comment")  # fmt: skip
_BODY = ".t_f, .post-body, .post_body, .post-content, .content, .message, .bd, .text"
_AUTHOR = ".authi a.xw1, .authi a, .author, .username, .user, .nickname, .poster, cite"
_TIME = "em[id^=authorposton], time, .post-time, .date, .time, .posted, .info"
_MOMENT = re.compile(
    r"\d{1,4}[-/年.月]\d{1,2}[-/月日.]?\d{0,2}.{0,4}\d{1,2}[:：]\d\d|\d+\s*(分钟|小时|天)前|刚刚|昨天"
)
_ANSWERS = re.compile(r"^(?:回复|引用|@)\s*#?\s*(\d{1,6})\s*[楼#]?[:：，,\s]?")
_FLOOR = re.compile(r"(?:^|\D)(\d{1,6})\s*[楼#]")
_FLOOR_WORDS = {"楼主": 1, "沙发": 2, "板凳": 3, "地板": 4}
_QUOTE = "blockquote, .quote"


@dataclass(frozen=True)
class Post:
    key: str  # the forum's own id, else the floor
    floor: int | None
    author: str | None
    published_at: datetime | None
    text: str
    answers: int | None  # the floor it answers
    counts: Counts | None = None


@dataclass(frozen=True)
class ThreadPage:
    title: str
    posts: list[Post]
    next: str | None
    counts: Counts | None


def read_thread(tree: Element, url: str, selectors: Selectors, now: datetime) -> ThreadPage:
    title = find_title(view(tree, Embedded()), selectors.title)
    elements = select(tree, selectors.post) or _posts(tree)
    following = next_page(tree, url)
    if selectors.next:
        following = next((a.get("href") for a in select(tree, selectors.next)), None)
    head = tree.find("body")
    counts = read_counts(text_of(head)[:1_500]) if head is not None else None
    posts = [post for element in elements if (post := _post(element, selectors, now))]
    return ThreadPage(title, posts, following, counts)


def _posts(tree: Element) -> list[Element]:
    for css in _POST:
        if found := [e for e in select(tree, css) if _MOMENT.search(text_of(e))]:
            return found
    return _siblings(tree)


def _siblings(tree: Element) -> list[Element]:
    """The like siblings with a time each that hold the most text."""
    groups: dict[tuple[Element, str, str], list[Element]] = defaultdict(list)
    for element in tree.iter("div", "li", "article", "table", "tr", "section", "dl"):
        parent = element.getparent()
        if parent is not None and _MOMENT.search(text := text_of(element)) and len(text) < 20_000:
            groups[parent, element.tag, (element.get("class") or "").split(" ")[0]].append(element)
    like = [group for group in groups.values() if len(group) > 1]
    return max(like, key=lambda group: sum(len(text_of(e)) for e in group), default=[])


def _post(element: Element, selectors: Selectors, now: datetime) -> Post | None:
    moment = first_text(element, selectors.post_time) or _first_moment(element)
    body = (select(element, selectors.post_body) or select(element, _BODY) or [element])[0]
    whole = text_of(element)
    quoted = [line for quote in select(body, _QUOTE) for line in lines_of(quote)]
    lines = [line for line in lines_of(body) if line not in quoted]
    text = "\n".join(lines)
    floor = _floor(whole)
    answered = _ANSWERS.search(text) or _ANSWERS.search(" ".join(quoted))
    author = first_text(element, selectors.post_author) or first_text(element, _AUTHOR)
    key = element.get("data-id") or element.get("id") or (str(floor) if floor else "")
    if not text and not author:
        return None
    return Post(
        key=squeeze(key)[:100],
        floor=floor,
        author=author[:100] or None,
        published_at=parse_time(moment, now),
        text=text,
        answers=int(answered[1]) if answered else None,
        counts=read_counts(whole.replace(" ".join(lines), "")[:400]),
    )


def _first_moment(element: Element) -> str:
    for candidate in select(element, _TIME):
        text = candidate.get("datetime") or text_of(candidate)
        if _MOMENT.search(text):
            return text
    match = _MOMENT.search(text_of(element))
    return match[0] if match else ""


def _floor(text: str) -> int | None:
    head = text[:200]
    if match := _FLOOR.search(head):
        return int(match[1])
    return next((number for word, number in _FLOOR_WORDS.items() if word in head), None)
