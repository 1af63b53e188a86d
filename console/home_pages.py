"""The first page: what needs somebody now."""

from __future__ import annotations

import asyncio
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
        client, settings, opinions = self._client, self._settings, actor.filters("departments.id")
        open_alerts, sources, numbers, events, spots, latest = await asyncio.gather(
            overview.open_alerts(client, settings, scope=actor.filters()),
            overview.sources(client, settings, now),
            overview.numbers(client, settings, today, opinions),
            hot_events(client, settings, actor=actor),
            hotspots(client, settings, now, 40),
            search(
                client, self._index(OPINIONS), "", Filters(seen=(*opinions, NO_REPLIES)),
                self._cutter, LATEST,
            ),
        )  # fmt: skip
        total, alerts = open_alerts
        return self._page(
            request, "home.html", now=now, sources=sources, numbers=numbers, total_alerts=total,
            alerts=alerts, events=events, latest=latest,
            # Of sources, topics and words of the whole body: not one department's.
            hotspots=[] if actor.departments else spots,
        )  # fmt: skip
