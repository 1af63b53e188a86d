"""A news site that changes between two crawls, and remembers what it was asked."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.integration.serving import listening

BODY = "记者在现场看到，供电抢修人员正在更换变压器，居民家中陆续来电。" * 3


class News:
    def __init__(self) -> None:
        self.articles: dict[int, str] = {n: f"{BODY}第{n}条。" for n in (1, 2, 3)}
        self.asked: list[tuple[str, bool, int]] = []  # path, whether conditional, answer
        self.times: list[float] = []
        self.robots = ""

    def answer(self, path: str) -> bytes | None:
        if path == "/robots.txt":
            return self.robots.encode()
        if path == "/list/":
            links = "".join(
                f'<li><a href="/2026/1124/news_{n}.html">城区供电抢修进展通报第{n}号</a></li>'
                for n in self.articles
            )
            return f"<html><body><ul>{links}</ul></body></html>".encode()
        number = int(path.rsplit("_", 1)[-1].split(".")[0])
        if number not in self.articles:
            return None
        title = f"<title>城区供电抢修进展通报第{number}号</title>"
        return f"<html>{title}<body><p>{self.articles[number]}</p></body></html>".encode()


class Talk(News):
    """A forum: one thread, two posts a page, each with the forum's own id."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[int, str] = {
            n: f"第{n}位街坊说的话，路灯还没有修好。" for n in range(1, 7)
        }
        self.lost: set[int] = set()  # pages that fail

    def answer(self, path: str) -> bytes | None:
        if path == "/robots.txt":
            return b""
        if path == "/list/":
            return '<a href="/thread-31-1-1.html">路灯坏了一个月没人来修</a>'.encode()
        page = int(path.split("-")[2])
        shown = list(self.posts.items())[2 * page - 2 : 2 * page]
        if page in self.lost or not shown:
            return None
        posts = "".join(
            f'<div id="post_{n}"><div class="authi"><a class="xw1">街坊{n}</a>'
            f'<em id="authorposton{n}">发表于 2026-11-24 10:0{n}</em></div>'
            f'<td class="t_f">{text}</td></div>'
            for n, text in shown
        )
        more = len(self.posts) > 2 * page
        link = f'<a href="/thread-31-{page + 1}-1.html">下一页</a>' if more else ""
        return f"<html><title>路灯</title><body>{posts}{link}</body></html>".encode()


class LongRead(News):
    """An article of three pages, and two that do not end well."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = {
            "/2026/1124/8001": ["_2", "_3"],  # as it should be
            "/2026/1124/8002": ["_2", "_3"],  # the third is not there
            "/2026/1124/8003": ["_2", ""],  # the third is the first again
            "/2026/1124/8004": [f"_{n}" for n in range(2, 200)],  # it hardly ends
        }

    def answer(self, path: str) -> bytes | None:
        if path in ("/robots.txt", "/list/"):
            links = "".join(f'<li><a href="{url}.html">连载报道之{url[-1]}：老城区供水</a></li>'
                            for url in self.parts)  # fmt: skip
            return b"" if path == "/robots.txt" else f"<ul>{links}</ul>".encode()
        name, _, _ = path.partition(".html")
        stem = name[:15]
        order = ["", *self.parts.get(stem, [])]
        mark = name[15:]
        if mark not in order or name == "/2026/1124/8002_3":
            return None
        place = order.index(mark)
        follows = order[place + 1] if place + 1 < len(order) else None
        link = f'<a href="{stem}{follows}.html">下一页</a>' if follows is not None else ""
        link += '<a href="/2026/1124/8009.html">下一篇</a>'
        title = f"连载报道之{stem[-1]}：老城区供水"
        body = f"<h1>{title}</h1><p>第{place + 1}部分。{BODY}</p>"
        return f"<html><title>{title}</title><body><article>{body}</article>{link}".encode()


@contextmanager
def serve(news: News) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...

        def do_GET(self) -> None:
            news.times.append(time.monotonic())
            body = news.answer(self.path)
            tag = f'"{blake2b(body or b"", digest_size=8).hexdigest()}"'
            known = self.headers.get("If-None-Match")
            status = 404 if body is None else 304 if known == tag else 200
            news.asked.append((self.path, known is not None, status))
            self.send_response(status)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"") if status == 200 else 0))
            self.end_headers()
            if status == 200:
                self.wfile.write(body or b"")

    with listening(Handler) as address:
        yield address


def write_source(folder: Path, name: str, site: str, **more: object) -> Path:
    fields = {"kind": "article", "start": f'["{site}/list/"]', "delay": 0,
              "allow_loopback": "true", **more}  # fmt: skip
    path = folder / f"{name}.yaml"
    lines = [f"name: {name}", *(f"{field}: {value}" for field, value in fields.items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def an_hour_later(memory: Path) -> None:
    """All pages are due again, as if the time had passed."""
    with sqlite3.connect(memory) as connection:
        connection.execute("UPDATE pages SET next_visit = 1 WHERE next_visit IS NOT NULL")
