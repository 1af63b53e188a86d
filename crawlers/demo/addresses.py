"""Where each publisher of the demo puts its lists and articles: one scheme per style."""

from __future__ import annotations

from crawlers.demo.content import Article, Publisher

_LISTS = {
    "portal": ("/{id}/", "/{id}/index_{n}.html"),
    "paper": ("/{id}/", "/{id}/list.htm?page={n}"),
    "magazine": ("/{id}/", "/{id}/page/{n}/"),
    "table": ("/{id}/index.asp", "/{id}/index.asp?page={n}"),
    "gov": ("/{id}/col/col12/index.html", "/{id}/col/col12/index_{n}.html"),
    "forum": ("/{id}/forum-1-1.html", "/{id}/forum-1-{n}.html"),
}


def article_url(article: Article, publisher: Publisher) -> str:
    at, number, root = article.published_at, article.number, f"/{publisher.id}"
    match publisher.style:
        case "portal":
            return f"{root}/{at:%Y}/{at:%m%d}/c1001-{number}.html"
        case "paper":
            return f"{root}/content/{at:%Y-%m}/{at:%d}/content_{number}.htm"
        case "magazine":
            return f"{root}/article/{number}"
        case "table":
            return f"{root}/show.asp?id={number}"
        case _:
            return f"{root}/art/{at.year}/{at.month}/{at.day}/art_12_{number}.html"


def list_url(publisher: Publisher, page: int = 1) -> str:
    first, later = _LISTS[publisher.style]
    return (first if page == 1 else later).format(id=publisher.id, n=page)


def board_url(publisher: Publisher, board: int, page: int = 1) -> str:
    return f"/{publisher.id}/forum-{board}-{page}.html"


def thread_url(publisher: Publisher, number: int, page: int = 1) -> str:
    return f"/{publisher.id}/thread-{number}-{page}-1.html"
