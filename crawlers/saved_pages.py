"""A folder of saved html as a site: the bytes as they are, and an index that lists them."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from schemas.errors import UserError

_SUFFIXES = frozenset((".html", ".htm", ".shtml", ".xhtml"))
_PER_PAGE = 200


def saved(folder: Path) -> dict[str, Path]:
    """The pages of a folder by their address; what leads out of it (a link) is left out."""
    root = folder.resolve()
    found = {}
    for path in sorted(folder.rglob("*")):
        if (
            path.suffix.lower() in _SUFFIXES
            and path.is_file()
            and path.resolve().is_relative_to(root)
        ):
            found["/" + path.relative_to(folder).as_posix()] = path
    if not found:
        raise UserError(f"no .html file in {folder}", "give a folder of saved pages")
    return found


def index_page(addresses: list[str], page: int) -> str:
    """One page of the list of all pages, with a link to the next."""
    part = addresses[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    rows = "".join(
        f'<li><a class="saved" href="{quote(a)}">保存的网页 {escape(a)}</a></li>' for a in part
    )
    more = page * _PER_PAGE < len(addresses)
    following = f'<a href="/?page={page + 1}">下一页</a>' if more else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>保存的网页</title></head><body>'
        f"<h1>共 {len(addresses)} 个网页</h1><ul>{rows}</ul>{following}</body></html>"
    )


def application(folder: Path) -> Starlette:
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder", "give a folder of saved pages")
    pages = saved(folder)
    addresses = list(pages)

    async def index(request: Request) -> Response:
        number = request.query_params.get("page", "1")
        return HTMLResponse(index_page(addresses, max(1, int(number) if number.isdecimal() else 1)))

    async def page(request: Request) -> Response:
        # A look-up in the list made at the start: no address can lead out of the folder.
        path = pages.get(unquote(request.url.path))
        if path is None:
            return PlainTextResponse("没有这个页面", 404)
        # No charset: the page's own meta (or the lack of one) decides, as when it was saved.
        return Response(path.read_bytes(), headers={"Content-Type": "text/html"})

    async def robots(_: Request) -> Response:
        return PlainTextResponse("User-agent: *\nAllow: /\n")

    return Starlette(
        routes=[Route("/", index), Route("/robots.txt", robots), Route("/{path:path}", page)]
    )
