"""The intake as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from crawlers.intake.desk import Desk
from crawlers.intake.forms import HERE, Forms
from crawlers.intake.limits import Limits
from crawlers.intake.partners import Partners
from crawlers.intake.problems import Problem
from crawlers.intake.repeats import Repeats
from crawlers.intake.rest import Rest


def create_app(
    partners: Partners, desk: Desk, state: Path, allow_loopback: bool = False
) -> Starlette:
    limits = Limits()
    rest = Rest(partners, desk, Repeats(state), limits)
    forms = Forms(partners, desk, limits, allow_loopback)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await desk.close()

    return Starlette(
        routes=[
            Route("/", forms.quick, methods=["GET", "POST"]),
            Route("/report", forms.report, methods=["GET", "POST"]),
            Route("/api/v1/items", rest.items, methods=["POST"]),
            Route("/api/v1/webhooks/changedetection", rest.changed, methods=["POST"]),
            Route("/openapi.json", rest.openapi),
            Route("/style.css", _style),
            Route("/ready", _ready),
        ],
        exception_handlers={Problem: _problem, HTTPException: _refused},
        lifespan=lifespan,
    )


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return Problem(error.status_code, str(error.detail)).response()


async def _style(request: Request) -> Response:
    return FileResponse(HERE / "templates" / "style.css")


async def _ready(request: Request) -> Response:
    return JSONResponse({"status": "ready"})
