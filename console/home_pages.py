"""The first page: what needs somebody now."""

from __future__ import annotations

from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console import overview, words
from console.actor import require
from console.hotspots import hot_events, hotspots
from console.pages import Frame, Pages
from console.search import Filters, search
from infra.settings import Settings
from models.words import cutter
from schemas.registry import OPINIONS

LATEST = 15
# "顶" and "同问" would fill the list.
NO_REPLIES = {"bool": {"must_not": {"exists": {"field": "parent_id"}}}}


class HomePages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._cutter = cutter(settings.config / "userdict.txt")

    def routes(self) -> list[BaseRoute]:
        return [Route("/", self.home)]

    async def home(self, request: Request) -> Response:
        now = datetime.now(UTC)
        today = now.astimezone(words.CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        actor = require(request, "read")
        total, alerts = await overview.open_alerts(
            self._client, self._settings, scope=actor.filters()
        )
        return self._page(
            request, "home.html",
            now=now,
            sources=await overview.sources(self._client, self._settings, now),
            numbers=await overview.numbers(
                self._client, self._settings, today, actor.filters("departments.id")
            ),
            total_alerts=total,
            alerts=alerts,
            events=await hot_events(self._client, self._settings, actor=actor),
            # Of sources, topics and words of the whole body: not one department's.
            hotspots=[] if actor.departments else await hotspots(
                self._client, self._settings, now, 40
            ),
            latest=await search(
                self._client, self._index(OPINIONS), "",
                Filters(seen=(*actor.filters("departments.id"), NO_REPLIES)), self._cutter, LATEST,
            ),
        )  # fmt: skip
