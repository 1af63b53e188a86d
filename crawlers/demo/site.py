"""The demo site as a web server on loopback."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from crawlers.demo.pages import ROBOTS, Site
from crawlers.loopback import run


def application(anchor: datetime | None = None) -> Starlette:
    """The site as an ASGI application; `anchor` is the story's now."""
    site = Site(anchor or datetime.now(UTC))

    async def page(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        found = site.pages.get(request.url.path + query)
        if found is None:
            return PlainTextResponse("没有这个页面", 404)
        base = f"{request.url.scheme}://{request.url.netloc}"
        body = found.render(base).encode(found.charset, "xmlcharrefreplace")
        tag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        modified = found.modified.astimezone(UTC).replace(microsecond=0)
        headers = {"ETag": tag, "Last-Modified": format_datetime(modified, usegmt=True)}
        if _unchanged(request, tag, modified):
            return Response(status_code=304, headers=headers)
        # The gbk publisher names no charset in its header, as many old sites do.
        charset = "" if found.charset == "gbk" else f"; charset={found.charset}"
        headers["Content-Type"] = found.content_type + charset
        return Response(body, headers=headers)

    async def robots(_: Request) -> Response:
        return PlainTextResponse(ROBOTS)

    return Starlette(routes=[Route("/robots.txt", robots), Route("/{path:path}", page)])


def _unchanged(request: Request, tag: str, modified: datetime) -> bool:
    if known := request.headers.get("if-none-match"):
        return tag in known
    if since := request.headers.get("if-modified-since"):
        try:
            return parsedate_to_datetime(since) >= modified
        except (TypeError, ValueError):
            return False
    return False


def serve(host: str = "127.0.0.1", port: int = 8010, anchor: datetime | None = None) -> None:
    """Serve until interrupted; prints the address first."""
    run(application(anchor), host, port)
