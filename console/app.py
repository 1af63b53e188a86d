"""The console: pages for people, made on the server; they read and answer without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from console.access.audit import AuditLog
from console.access.audit_pages import AuditPages
from console.access.gate import Gate
from console.access.login_pages import LoginPages
from console.access.oidc_pages import OidcPages
from console.access.store import Users
from console.access.user_pages import UserPages
from console.alert_acts import AlertActs
from console.alert_pages import AlertPages
from console.api.routes import Api
from console.dead_letter_pages import DeadLetterPages
from console.delivery_pages import DeliveryPages
from console.errors import Errors
from console.event_acts import EventActs
from console.event_pages import EventPages
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

PAGES: tuple[type[Pages], ...] = (
    HomePages, SearchPages, SavedPages, ItemPages, EventPages, EventActs, AlertPages, AlertActs,
    SourcePages, IntakePages, ImportPages, RulePages, WatchPages, DeadLetterPages, DeliveryPages,
    LoginPages, OidcPages, UserPages, AuditPages, Api, LivePages,
)  # fmt: skip


def create_app(settings: Settings, endpoints: Endpoints) -> Starlette:
    client = clients.elasticsearch(settings, endpoints)
    frame, users = Frame(settings), Users(settings, client)

    async def ready(request: Request) -> Response:
        await client.cluster.health(timeout="2s")
        return JSONResponse({"status": "ready"})

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
        exception_handlers=Errors(settings, frame, AuditLog(settings, client)).handlers(),
        lifespan=lifespan,
        middleware=[
            # A name that somebody else points at this machine is not one of ours (DNS rebinding).
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings)),
            Middleware(Gate, settings=settings, users=users, frame=frame),
        ],
    )


def _hosts(settings: Settings) -> list[str]:
    return ["127.0.0.1", "localhost", "[::1]", settings.host, *settings.console_hosts]
