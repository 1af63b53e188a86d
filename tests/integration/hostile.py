"""A web server that does to a crawler what can be done to one."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

GOOD = "记者在现场看到，供电抢修人员正在更换变压器，居民家中陆续来电。" * 4
REDIRECTS = {
    "/2026/1124/metadata_1.html": "http://169.254.169.254/latest/meta-data/",
    "/2026/1124/private_1.html": "http://10.0.0.1/",
    "/2026/1124/file_1.html": "file:///etc/passwd",
    "/2026/1124/offsite_1.html": "http://elsewhere.invalid/",
}
KINDS = ("loop", "bomb", "huge", "endless", "drip", "wrong", "cut", "deep", "broken",
         "metadata", "private", "file", "offsite", "good")  # fmt: skip
MB = 1 << 20
BOMB = gzip.compress(b"<html><body>" + b"a" * 200 * MB, 1)  # made once, not while one waits


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    agents: ClassVar[set[str]] = set()  # the user agents that came

    def log_message(self, format: str, *args: object) -> None: ...

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.agents.add(self.headers["User-Agent"] or "")
        try:
            if path in REDIRECTS:
                self._headers(302, Location=REDIRECTS[path])
            elif path.startswith("/to/"):
                self._headers(302, Location=path.removeprefix("/to/"))
            elif path == "/robots.txt":
                self._robots()
            elif path.startswith("/trap"):
                self._trap()
            elif path == "/list/":
                self._list()
            else:
                kind = path.rsplit("/", 1)[-1].split("_")[0]
                getattr(self, f"_{kind}", self._missing)()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _headers(self, status: int, length: int | None = 0, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _page(self, body: bytes, charset: str = "utf-8", **headers: str) -> None:
        kind = f"text/html; charset={charset}"
        self._headers(200, len(body), Content_Type=kind, **headers)
        self.wfile.write(body)

    def _missing(self) -> None:
        self._headers(404)

    def _robots(self) -> None:
        self._headers(404)

    def _list(self) -> None:
        rows = "".join(
            f'<li><a href="/2026/1124/{kind}_1.html">这是一条题为{kind}的新闻</a></li>'
            for kind in KINDS
        )
        self._page(f"<html><body><ul>{rows}</ul></body></html>".encode())

    def _trap(self) -> None:
        """A calendar: every page has a next one and an article of its own."""
        number = int(self.path.rsplit("/", 1)[-1] or 0)
        article = f'<a href="/2026/1124/good_{number}.html">第{number}天的日程新闻</a>'
        self._page(
            f'<html><body>{article}<a href="/trap/{number + 1}">下一页</a></body></html>'.encode()
        )

    def _good(self) -> None:
        self._page(f"<html><title>抢修进行时</title><body><p>{GOOD}</p></body></html>".encode())

    def _wrong(self) -> None:
        page = f"<html><title>标错编码的网页</title><body><p>{GOOD}</p></body></html>"
        self._page(page.encode("gbk"), "utf-8")

    def _loop(self) -> None:
        self._headers(302, Location=f"/2026/1124/loop_1.html?n={time.monotonic_ns()}")

    def _bomb(self) -> None:
        self._page(BOMB, Content_Encoding="gzip")

    def _huge(self) -> None:
        self._headers(200, 300 * MB, Content_Type="text/html")
        self._flood(300)

    def _endless(self) -> None:
        self._headers(200, None, Content_Type="text/html", Connection="close")
        self._flood(10_000)

    def _flood(self, megabytes: int) -> None:
        for _ in range(megabytes):
            self.wfile.write(b"a" * MB)

    def _drip(self) -> None:
        self._headers(200, 1_000, Content_Type="text/html")
        for _ in range(1_000):
            self.wfile.write(b"a")
            self.wfile.flush()
            time.sleep(0.1)

    def _cut(self) -> None:
        self._headers(200, 5_000, Content_Type="text/html")
        self.wfile.write(b"<html><body>half")
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _deep(self) -> None:
        self._page(b"<div>" * 100_000 + GOOD.encode())

    def _broken(self) -> None:
        self._page(b"\x00\xff<ht<ml></p><title>\xfe" + b"<p" * 500 + b"\x00" * 500)


class SilentRobots(Handler):
    """Never answers for robots.txt."""

    def _robots(self) -> None:
        time.sleep(60)


class FailingRobots(Handler):
    def _robots(self) -> None:
        self._headers(503)


@contextmanager
def serve(handler: type[Handler] = Handler) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
