"""The console: pages for people, made on the server; they read and answer without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from elastic_transport import TransportError
from elasticsearch import ApiError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from console.actor import Actor
from console.alert_pages import AlertPages
from console.dead_letter_pages import DeadLetterPages
from console.delivery_pages import DeliveryPages
from console.event_pages import EventPages
from console.home_pages import HomePages
from console.intake_pages import IntakePages
from console.item_pages import ItemPages
from console.pages import HERE, Frame, Pages
from console.rule_pages import RulePages
from console.search_pages import SearchPages
from console.source_pages import SourcePages
from console.watch_pages import WatchPages
from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints

PAGES: tuple[type[Pages], ...] = (
    HomePages, SearchPages, ItemPages, EventPages, AlertPages, SourcePages,
    IntakePages, RulePages, WatchPages, DeadLetterPages, DeliveryPages,
)  # fmt: skip
ANYBODY = Actor("console", "控制台", frozenset({"admin"}))


class Known:
    """Puts the one who asks into `request.state`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["actor"] = ANYBODY
        await self._app(scope, receive, send)


def create_app(settings: Settings, endpoints: Endpoints) -> Starlette:
    client = clients.elasticsearch(settings, endpoints)
    frame = Frame(settings)

    async def ready(request: Request) -> Response:
        await client.cluster.health(timeout="2s")
        return JSONResponse({"status": "ready"})

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return frame.page(request, "error.html", error.status_code, message=error.detail)

    async def away(request: Request, error: Exception) -> Response:
        message = "检索服务（Elasticsearch）暂时没有应答，数据不会丢失；请稍后刷新。"
        return frame.page(request, "error.html", 503, message=message)

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
        exception_handlers={HTTPException: refused, ApiError: away, TransportError: away},
        lifespan=lifespan,
        middleware=[
            # A name that somebody else points at this machine is not one of ours (DNS rebinding).
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings)),
            Middleware(Known),
        ],
    )


def _hosts(settings: Settings) -> list[str]:
    return ["127.0.0.1", "localhost", "[::1]", settings.host, *settings.console_hosts]
