"""The demo site as a table: address → page. Everything is rendered on request."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from crawlers.demo.addresses import article_url, board_url, list_url, thread_url
from crawlers.demo.content import Article, Publisher, Thread, publishers
from crawlers.demo.news import articles
from crawlers.demo.talk import threads

_EDITORS = ("高远", "林夕", "程朗", "何静", "罗敏")
_POSTS_PER_PAGE = 15
_FORBIDDEN = ("/login", "/register", "/hczx/admin/", "/zyrm/admin/")
ROBOTS = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in _FORBIDDEN)
Render = Callable[[str], str]  # base address → text


@dataclass(frozen=True)
class Page:
    render: Render
    content_type: str
    charset: str
    modified: datetime


class Site:
    """All pages of the demo for one anchor (the story's now)."""

    def __init__(self, anchor: datetime) -> None:
        self.anchor = anchor
        self.publishers = publishers()
        self.articles = articles(anchor)
        self.threads = threads(anchor)
        folder = Path(__file__).parent / "templates"
        self._templates = Environment(loader=FileSystemLoader(folder), autoescape=True)
        self.pages: dict[str, Page] = {}
        self._add("/", "index.html", publishers=self.publishers.values(), home=list_url)
        for publisher in self.publishers.values():
            if publisher.kind == "thread":
                self._forum(publisher)
            else:
                self._medium(publisher)

    def _add(
        self, address: str, template: str, at: datetime | None = None, /, **values: Any
    ) -> None:
        publisher = values.get("p")
        kind = "application/xml" if template.endswith(".xml") else "text/html"
        charset = publisher.charset if publisher and kind == "text/html" else "utf-8"
        render = partial(self._render, template, values)
        self.pages[address] = Page(render, kind, charset, at or self.anchor)

    def _render(self, template: str, values: dict[str, Any], base: str) -> str:
        return self._templates.get_template(template).render(base=base, **values)

    def _medium(self, p: Publisher) -> None:
        own = [article for article in reversed(self.articles) if article.publisher == p.id]
        common = {
            "p": p,
            "url": lambda article: article_url(article, p),
            "show": lambda article: _shown(article, p),
            "rfc822": format_datetime,
        }
        pages = max(1, math.ceil(len(own) / p.per_page))
        for page in range(1, pages + 1):
            self._add(
                list_url(p, page), f"{p.style}_list.html", **common, **_paging(page, pages, p),
                articles=own[(page - 1) * p.per_page : page * p.per_page], total=len(own),
            )  # fmt: skip
        if p.style == "gov":
            self.pages[f"/{p.id}/"] = self.pages[list_url(p)]
        if p.feed:
            self._add(f"/{p.id}/feed.xml", f"feed_{p.feed}.xml", **common, articles=own[:60])
        for index, article in enumerate(own):
            related = (own[index + 1 : index + 5] or own[:4]) if len(own) > 1 else []
            self._add(
                article_url(article, p), f"{p.style}_article.html", article.published_at, **common,
                a=article, related=related, source=self.publishers[article.source].name,
                editor=_EDITORS[article.number % len(_EDITORS)],
            )  # fmt: skip

    def _forum(self, p: Publisher) -> None:
        for number, board in enumerate(p.columns, start=1):
            own = [thread for thread in reversed(self.threads) if thread.board == board]
            pages = max(1, math.ceil(len(own) / p.per_page))
            for page in range(1, pages + 1):
                following = board_url(p, number, page + 1) if page < pages else None
                shown = own[(page - 1) * p.per_page : page * p.per_page]
                self._add(
                    board_url(p, number, page), "forum_list.html", p=p, board=board,
                    threads=shown, next=following,
                )  # fmt: skip
            for thread in own:
                self._thread(p, thread, number)

    def _thread(self, p: Publisher, thread: Thread, board_number: int) -> None:
        pages = math.ceil(len(thread.posts) / _POSTS_PER_PAGE)
        for page in range(1, pages + 1):
            following = thread_url(p, thread.number, page + 1) if page < pages else None
            posts = thread.posts[(page - 1) * _POSTS_PER_PAGE : page * _POSTS_PER_PAGE]
            self._add(
                thread_url(p, thread.number, page), "forum_thread.html", posts[-1].at, p=p,
                t=thread, posts=posts, next=following, board_number=board_number,
            )  # fmt: skip


def _paging(page: int, pages: int, p: Publisher) -> dict[str, Any]:
    return {
        "page": page,
        "pages": pages,
        "prev": list_url(p, page - 1) if page > 1 else None,
        "next": list_url(p, page + 1) if page < pages else None,
        "page_url": lambda n: list_url(p, n),
    }


def _shown(article: Article, p: Publisher) -> str:
    at = article.published_at
    return at.isoformat(timespec="minutes") if p.time == "iso" else at.strftime(p.time)
