"""Whether a change comes from a page of ours: for forms, uploads and the API. Pure."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request


def crossed(request: Request) -> bool:
    """Whether a page of another site sent it."""
    origin = request.headers.get("origin")
    return bool(origin) and urlsplit(origin).netloc != request.headers.get("host")


def token_fits(request: Request, given: str) -> bool:
    """Of the session. A program with a key (None) needs none: no other site can borrow its key."""
    wanted: str | None = request.state.csrf
    if wanted is None:
        return True
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())
