"""What somebody typed is not lost because a session was over or a server away.

The fields of the form come back, hidden, in a page from which they are sent again by a click.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

MOST = 512 * 1024  # bytes; more is not a form that somebody typed
LOGIN = "/login"


@dataclass(frozen=True)
class Kept:
    path: str  # of this console
    body: str  # as a form sends it; "" is nothing kept

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Without the token, which belonged to what is over."""
        found = parse_qsl(self.body, keep_blank_values=True, max_num_fields=1_000)
        return [(name, value) for name, value in found if name != "csrf"]


def of_form(path: str, body: bytes) -> Kept:
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=1_000)
    except ValueError:
        return Kept(path, "")
    return Kept(local(path), urlencode(fields))


async def of(request: Request) -> Kept:
    """What a refused request had to say; nothing when it is no form or too large."""
    path = request.url.path
    kind = request.headers.get("content-type", "application/x-www-form-urlencoded")
    if request.method != "POST" or path == LOGIN or "form-urlencoded" not in kind:
        return Kept(local(path), "")
    known = getattr(request.state, "form_body", None)
    if known is not None:
        return of_form(path, known)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            return Kept(path, "")
    return of_form(path, bytes(body))


def local(path: str) -> str:
    """`path` when it leads to a page of this console, else the first page."""
    bad = not path.startswith("/") or path.startswith("//") or "\\" in path or len(path) > 2_000
    return "/" if bad or any(ord(letter) < 32 for letter in path) else path
