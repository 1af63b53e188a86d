"""Errors of the API, as application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import orjson
from elasticsearch import BadRequestError
from starlette.requests import Request
from starlette.responses import Response

from console.access.gate import problem
from console.search_language import QueryError

Endpoint = Callable[[Any, Request], Awaitable[Response]]


def answer(
    value: object, status: int = 200, kind: str = "application/json", **headers: str
) -> Response:  # fmt: skip
    return Response(orjson.dumps(value), status, headers, kind)


def told(endpoint: Endpoint) -> Endpoint:
    """What is wrong with a request; all else becomes a problem as for any address under /api."""

    @wraps(endpoint)
    async def wrapped(self: Any, request: Request) -> Response:
        try:
            return await endpoint(self, request)
        except QueryError as error:
            return problem(400, f"检索式有误，{error}", position=error.at)
        except ValueError as error:
            return problem(400, str(error))
        except BadRequestError:
            return problem(400, "检索服务读不懂这个请求，请检查 cursor 和参数。")

    return wrapped
