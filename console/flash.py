"""What became of a form, told once on the page that follows. In a cookie and not in the address:
nobody can send somebody a link that makes the console say something."""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

COOKIE = "tingchao_said"
SECONDS, LONGEST = 60, 300  # a cookie's life; characters


def go(path: str, said: str) -> Response:
    """On to `path`, where it is told."""
    answer = RedirectResponse(path, 303)
    put(answer, said)
    return answer


def put(answer: Response, said: str) -> None:
    answer.set_cookie(COOKIE, quote(said[:LONGEST]), max_age=SECONDS, httponly=True, samesite="lax")


def told(request: Request) -> str:
    return unquote(request.cookies.get(COOKIE, ""))[:LONGEST]


def forget(answer: Response) -> None:
    answer.delete_cookie(COOKIE)
