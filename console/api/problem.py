"""Answers of the API, and its errors as application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import msgspec
import orjson
from elasticsearch import BadRequestError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.access.gate import problem
from console.search_language import QueryError

Endpoint = Callable[[Request], Awaitable[Response]]
Method = Callable[..., Awaitable[Response]]


class Told(HTTPException):
    """An error whose problem body has members of its own (a place, the current record)."""

    def __init__(
        self, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(status, detail, headers)
        self.more = more


def answer(
    value: object, status: int = 200, kind: str = "application/json", **headers: str
) -> Response:  # fmt: skip
    """Times as msgspec writes them into the indices."""
    return Response(orjson.dumps(msgspec.to_builtins(value, str_keys=True)), status, headers, kind)


def told(endpoint: Method) -> Method:
    """What is wrong with a question; all else becomes a problem as for any address under /api."""

    @wraps(endpoint)
    async def wrapped(*asked: Any, **more: Any) -> Response:
        try:
            return await endpoint(*asked, **more)
        except QueryError as error:
            return problem(400, f"检索式有误，{error}", position=error.at)
        except ValueError as error:
            return problem(400, str(error))
        except BadRequestError:
            return problem(400, "检索服务读不懂这个请求，请检查 cursor 和参数。")

    return wrapped
