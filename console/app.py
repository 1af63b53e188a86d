"""The console: pages for people, made on the server; they read and answer without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from console.access import kept
from console.access.audit import AuditLog
from console.access.audit_pages import AuditPages
from console.access.gate import AWAY, Gate, problem, secure
from console.access.login_pages import LoginPages
from console.access.oidc_pages import OidcPages
from console.access.store import Users
from console.access.user_pages import UserPages
from console.actor import NotTheirs
from console.alert_acts import AlertActs
from console.alert_pages import AlertPages
from console.api import Api
from console.dead_letter_pages import DeadLetterPages
from console.delivery_pages import DeliveryPages
from console.event_acts import EventActs
from console.event_pages import EventPages
from console.forms import StaleForm
from console.headers import headers
from console.home_pages import HomePages
from console.import_pages import ImportPages
from console.intake_pages import IntakePages
from console.item_pages import ItemPages
from console.live import LivePages
from console.pages import HERE, Frame, Pages
from console.rule_pages import RulePages
from console.saved_pages import SavedPages
from console.search_pages import SearchPages
from console.source_pages import SourcePages
from console.watch_pages import WatchPages
from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints

# Starlette's own words.
PLAIN = {"Not Found": "没有这个页面。", "Method Not Allowed": "这个地址不能这样访问。"}
log = structlog.get_logger("tingchao.console")
PAGES: tuple[type[Pages], ...] = (
    HomePages, SearchPages, SavedPages, ItemPages, EventPages, EventActs, AlertPages, AlertActs,
    SourcePages, IntakePages, ImportPages, RulePages, WatchPages, DeadLetterPages, DeliveryPages,
    LoginPages, OidcPages, UserPages, AuditPages, Api, LivePages,
)  # fmt: skip


def create_app(settings: Settings, endpoints: Endpoints) -> Starlette:
    client = clients.elasticsearch(settings, endpoints)
    frame, users, audit = Frame(settings), Users(settings, client), AuditLog(settings, client)

    async def ready(request: Request) -> Response:
        await client.cluster.health(timeout="2s")
        return JSONResponse({"status": "ready"})

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        said = PLAIN.get(str(error.detail), str(error.detail))
        if isinstance(error, NotTheirs):
            await audit.told(request, "another department's", error.key, outcome="refused")
        elif error.status_code == 403:
            await audit.told(request, "not allowed", request.url.path, outcome="refused")
        if request.url.path.startswith("/api/"):
            answer = problem(error.status_code, said, **getattr(error, "more", {}))
            answer.headers.update(error.headers or {})
            return answer
        again = {"kept": await kept.of(request)} if isinstance(error, StaleForm) else {}
        return frame.page(
            request, "error.html", error.status_code, message=said, back=_back(request), **again
        )

    async def away(request: Request, error: Exception) -> Response:
        if isinstance(error, BadRequestError):  # it is there: what we asked is wrong
            log.error("Elasticsearch refused a query", path=request.url.path, error=str(error))
            raise error
        log.warning("Elasticsearch does not answer", path=request.url.path, error=str(error)[:200])
        if request.url.path.startswith("/api/"):
            return problem(503, AWAY)
        return frame.page(request, "error.html", 503, message=AWAY, kept=await kept.of(request))

    async def broken(request: Request, error: Exception) -> Response:
        said = "这里出了错，已记入控制台的日志；请告诉管理员。"
        if request.url.path.startswith("/api/"):
            answer = problem(500, said)
        else:
            answer = frame.page(request, "error.html", 500, message=said)
        answer.headers.update(headers(secure(settings)))  # made outside of the gate
        return answer

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await client.close()

    return Starlette(
        routes=[
            *(route for group in PAGES for route in group(settings, client, frame).routes()),
            Route("/ready", ready),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        exception_handlers={
            HTTPException: refused,
            ApiError: away,
            TransportError: away,
            Exception: broken,
        },
        lifespan=lifespan,
        middleware=[
            # A name that somebody else points at this machine is not one of ours (DNS rebinding).
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings)),
            Middleware(Gate, settings=settings, users=users, frame=frame),
        ],
    )


def _back(request: Request) -> str:
    """The page of this console from which somebody came; "" for another site's or none."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.headers.get("host") or came.path == request.url.path:
        return ""
    return kept.local(came.path + (f"?{came.query}" if came.query else ""))


def _hosts(settings: Settings) -> list[str]:
    return ["127.0.0.1", "localhost", "[::1]", settings.host, *settings.console_hosts]
