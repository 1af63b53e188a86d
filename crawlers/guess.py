"""What a page is: a feed, a list of articles or threads, an article; and a draft source: pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as Element

from crawlers.extract import extract
from crawlers.extract.charset import decode
from crawlers.extract.page import parse
from crawlers.extract.thread import read_thread
from crawlers.feeds import read_feed
from crawlers.links import list_page, looks_like_article
from crawlers.selectors import Selectors

Guess = Literal["feed", "list", "article", "thread", "nothing"]
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_ENOUGH_LINKS, _ENOUGH_TEXT = 5, 150


@dataclass
class Sample:
    """One page behind a list, or the page itself, as it would be read."""

    url: str
    title: str = ""
    published_at: datetime | None = None
    publisher: str | None = None
    author: str | None = None
    text: str = ""
    posts: int = 0


@dataclass
class Found:
    url: str
    guess: Guess
    links: list[str] = field(default_factory=list)
    next: str | None = None
    feeds: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)


def read_sample(body: bytes, url: str, content_type: str | None, now: datetime) -> Sample:
    page = extract(body, url, content_type, now, Selectors())
    tree = parse(decode(body, content_type)[0])
    posts = read_thread(tree, url, Selectors(), now).posts if tree is not None else []
    return Sample(
        url, page.title, page.published_at, page.publisher, page.author, page.body, len(posts)
    )


def look(body: bytes, url: str, content_type: str | None, now: datetime) -> Found:
    """The guess about one page. `url` is where it was found in the end."""
    if _like_a_feed(body):
        entries = read_feed(body, content_type, url, now)
        if entries:
            samples = [Sample(e.url, e.title, e.published_at, text=e.text) for e in entries[:3]]
            return Found(url, "feed", [e.url for e in entries if e.url], samples=samples)
    tree = parse(decode(body, content_type)[0])
    links, following = list_page(tree, url, Selectors())
    found = Found(url, "nothing", [link.url for link in links], following, feeds(tree, url))
    sample = read_sample(body, url, content_type, now)
    # An article has many links beside it, a list has much text in its teasers: the
    # address decides where both are there.
    readable = len(sample.text) >= _ENOUGH_TEXT
    if readable and (looks_like_article(url) or len(links) < _ENOUGH_LINKS):
        found.guess, found.samples = ("thread" if sample.posts > 1 else "article"), [sample]
    elif len(links) >= _ENOUGH_LINKS or (links and not readable):
        found.guess = "list"
    elif sample.title or sample.text:
        found.samples = [sample]  # little, but somebody may have asked for just that page
    return found


def feeds(tree: Element | None, base: str) -> list[str]:
    if tree is None:
        return []
    found = [
        urljoin(base, link.get("href"))
        for link in tree.iter("link")
        if link.get("href") and link.get("type", "").lower() in _FEED_TYPES
    ]
    return list(dict.fromkeys(found))


def _like_a_feed(body: bytes) -> bool:
    head = body[:2_000].lower()
    return b"<rss" in head or b"<feed" in head or b"<rdf" in head


def kind_of(found: Found) -> str | None:
    """The kind of source to make of it; None when it is no place to start from."""
    if found.guess == "feed":
        return "feed"
    if found.guess == "list":
        threads = sum(sample.posts > 1 for sample in found.samples)
        return "thread" if threads * 2 > len(found.samples) else "article"
    return None


def draft(
    found: Found, kind: str, name: str = "", names: Sequence[str] = (), loopback: bool = False
) -> tuple[str, str]:  # fmt: skip
    """(name, YAML text) of a first entry; what a person has to fill in stands as a comment."""
    host = (urlsplit(found.url).hostname or "source").removeprefix("www.")
    stem = name or re.sub(r"[^\w.-]", "-", host)
    number, free = 1, stem
    while free in names:
        number += 1
        free = f"{stem}-{number}"
    lines = [
        f"name: {free}",
        f"title: {host}  # 给人看的名字",
        f"kind: {kind}",
        f'start: ["{found.url}"]',
        f"channel: {'forum' if kind == 'thread' else 'news'}",
        "tier: public  # central provincial city county institution public",
        '# region: "110000"  # 区划代码',
        "# department: 归口部门",
        "every: 15m",
        *(["delay: 0", "allow_loopback: true"] if loopback else []),
    ]
    return free, "\n".join(lines) + "\n"
