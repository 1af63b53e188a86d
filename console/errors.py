"""What is answered when a page or the API cannot: in words, and never with a trace."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.access import kept
from console.access.audit import AuditLog
from console.access.gate import AWAY, problem, secure
from console.actor import NotTheirs
from console.forms import StaleForm
from console.headers import headers
from console.pages import Frame
from infra.settings import Settings

BROKEN = "这里出了错，已记入控制台的日志；请告诉管理员。"
# Starlette's own words.
PLAIN = {"Not Found": "没有这个页面。", "Method Not Allowed": "这个地址不能这样访问。"}
log = structlog.get_logger("tingchao.console")


class Errors:
    def __init__(self, settings: Settings, frame: Frame, audit: AuditLog) -> None:
        self._frame, self._audit = frame, audit
        self._headers = headers(secure(settings))

    def handlers(self) -> dict[Any, Any]:
        return {
            HTTPException: self.refused, ApiError: self.away, TransportError: self.away,
            Exception: self.broken,
        }  # fmt: skip

    async def refused(self, request: Request, error: HTTPException) -> Response:
        said = PLAIN.get(str(error.detail), str(error.detail))
        if isinstance(error, NotTheirs):
            await self._audit.told(request, "another department's", error.key, outcome="refused")
        elif error.status_code == 403:
            await self._audit.told(request, "not allowed", request.url.path, outcome="refused")
        if _by_program(request):
            answer = problem(error.status_code, said, **getattr(error, "more", {}))
            answer.headers.update(error.headers or {})
            return answer
        again = {"kept": await kept.of(request)} if isinstance(error, StaleForm) else {}
        return self._said(request, error.status_code, said, back=_back(request), **again)

    async def away(self, request: Request, error: Exception) -> Response:
        if isinstance(error, BadRequestError):  # it is there: what we asked is wrong
            log.error("Elasticsearch refused a query", path=request.url.path, error=str(error))
            raise error
        log.warning("Elasticsearch does not answer", path=request.url.path, error=str(error)[:200])
        if _by_program(request):
            return problem(503, AWAY)
        return self._said(request, 503, AWAY, kept=await kept.of(request))

    async def broken(self, request: Request, error: Exception) -> Response:
        by_program = _by_program(request)
        answer = problem(500, BROKEN) if by_program else self._said(request, 500, BROKEN)
        answer.headers.update(self._headers)  # made outside of the gate
        return answer

    def _said(self, request: Request, status: int, message: str, **more: object) -> Response:
        return self._frame.page(request, "error.html", status, message=message, **more)


def _by_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _back(request: Request) -> str:
    """The page of this console from which somebody came; "" for another site's or none."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.headers.get("host") or came.path == request.url.path:
        return ""
    return kept.local(came.path + (f"?{came.query}" if came.query else ""))
