"""The console: pages for people, made on the server, without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from console import names, overview, words
from console.alert_pages import AlertPages
from console.event_pages import EventPages
from console.headers import HEADERS
from console.hotspots import hot_events, hotspots
from console.search import Filters, Found, search
from console.sources import SourcePages
from console.spread import spread
from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints
from models.words import cutter
from schemas.errors import UserError
from schemas.registry import OPINIONS
from schemas.when import since

HERE = Path(__file__).parent
PAGE = 20
CHINA = words.CHINA


class Console:
    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._settings = settings
        self._client = client
        self._topics = names.topics(settings.config)
        self._cutter = cutter(settings.config / "userdict.txt")
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self._templates.filters |= words.FILTERS | names.filters(settings.config)

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        html = self._templates.get_template(template).render(**values)
        return HTMLResponse(html, status, HEADERS)

    async def home(self, request: Request) -> Response:
        now = datetime.now(UTC)
        today = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        total, alerts = await overview.open_alerts(self._client, self._settings)
        return self.page(
            "home.html",
            now=now,
            sources=await overview.sources(self._client, self._settings, now),
            numbers=await overview.numbers(self._client, self._settings, today),
            total_alerts=total,
            alerts=alerts,
            events=await hot_events(self._client, self._settings),
            hotspots=await hotspots(self._client, self._settings, now, 40),
            latest=await self._find("", Filters(), 15, 0),
        )

    async def search(self, request: Request) -> Response:
        asked = request.query_params
        text = asked.get("q", "")
        page = max(1, min(_number(asked.get("page"), 1), 500))
        try:
            after = since(asked["since"], datetime.now(UTC)) if asked.get("since") else None
        except UserError as error:
            raise HTTPException(400, f"时间范围有误：{asked['since']}（{error.remedy}）") from None
        filters = Filters(
            after, asked.get("channel", ""), asked.get("topic", ""), asked.get("level", ""),
            copies=bool(asked.get("copies")),
        )  # fmt: skip
        found = await self._find(text, filters, PAGE, (page - 1) * PAGE)
        return self.page(
            "search.html", topics=self._topics, text=text, asked=asked, found=found,
            page=page, more=page * PAGE < min(found.total, 10_000),
        )  # fmt: skip

    async def _find(self, text: str, filters: Filters, size: int, offset: int) -> Found:
        index = self._settings.prefix + OPINIONS.alias
        return await search(self._client, index, text, filters, self._cutter, size, offset)

    async def cluster(self, request: Request) -> Response:
        index = self._settings.prefix + OPINIONS.alias
        found = await spread(self._client, index, request.path_params["id"])
        if found is None:
            raise HTTPException(404, "没有这组内容。")
        return self.page("spread.html", spread=found)

    async def ready(self, request: Request) -> Response:
        await self._client.cluster.health(timeout="2s")
        return JSONResponse({"status": "ready"})

    async def refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self.page("error.html", error.status_code, message=error.detail)

    async def away(self, request: Request, error: Exception) -> Response:
        message = "检索服务（Elasticsearch）暂时没有应答，数据不会丢失；请稍后刷新。"
        return self.page("error.html", 503, message=message)


def create_app(settings: Settings, endpoints: Endpoints) -> Starlette:
    client = clients.elasticsearch(settings, endpoints)
    console = Console(settings, client)
    alerts = AlertPages(settings, client, console.page)
    sources = SourcePages(settings, client, console.page)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await client.close()

    return Starlette(
        routes=[
            Route("/", console.home),
            Route("/search", console.search),
            Route("/clusters/{id}", console.cluster),
            Route("/events/{id}", EventPages(settings, client, console.page).show),
            Route("/alerts", alerts.list),
            Route("/alerts/{id}", alerts.show),
            Route("/alerts/{id}/{action}", alerts.act, methods=["POST"]),
            Route("/sources", sources.all),
            Route("/sources/try", sources.attempt, methods=["POST"]),
            Route("/sources/save", sources.save, methods=["POST"]),
            Route("/ready", console.ready),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        exception_handlers={
            HTTPException: console.refused,
            ApiError: console.away,
            TransportError: console.away,
        },
        lifespan=lifespan,
        # A name that somebody else points at this machine is not one of ours (DNS rebinding).
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings))],
    )


def _hosts(settings: Settings) -> list[str]:
    return ["127.0.0.1", "localhost", "[::1]", settings.host, *settings.console_hosts]


def _number(text: str | None, otherwise: int) -> int:
    try:
        return int(text or otherwise)
    except ValueError:
        return otherwise


__all__ = ["Console", "create_app"]
