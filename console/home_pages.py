"""The first page: what needs somebody now."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from elasticsearch import AsyncElasticsearch
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console import overview, words
from console.actor import require
from console.alert_listing import Asked, list_alerts, next_due
from console.charts import day
from console.hotspots import hot_events, hotspots
from console.overview import Numbers
from console.pages import Frame, Pages
from console.search import Filters, Found, search
from console.usual import Usual, UsualReader
from infra.settings import Settings
from models.words import cutter
from schemas.registry import OPINIONS

ALERTS, LATEST = 10, 15
COMPARED = 3  # days from which there is a usual
# "顶" and "同问" would fill the list.
NO_REPLIES = {"bool": {"must_not": {"exists": {"field": "parent_id"}}}}


class HomePages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._cutter = cutter(settings.config / "userdict.txt")
        self._usual = UsualReader(client, self._index(OPINIONS))

    def routes(self) -> list[BaseRoute]:
        return [Route("/", self.home)]

    async def home(self, request: Request) -> Response:
        now = datetime.now(UTC)
        today = now.astimezone(words.CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        actor = require(request, "read")
        client, settings, opinions = self._client, self._settings, actor.filters("departments.id")
        alerting = asyncio.gather(
            list_alerts(client, settings, actor, Asked(), ALERTS),
            list_alerts(client, settings, actor, Asked(mine=True), 0),
            next_due(client, settings, actor),
        )
        counted = asyncio.gather(
            self._usual.read(today, now, opinions),
            overview.numbers(client, settings, today, opinions),
            overview.sources(client, settings, now),
        )
        listed = asyncio.gather(
            hot_events(client, settings, actor=actor),
            hotspots(client, settings, now, 40),
            self._latest(now, opinions),
        )
        (total, alerts), (mine, _), due = await alerting
        usual, numbers, sources = await counted
        events, spots, latest = await listed
        return self._page(
            request, "home.html", now=now, sources=sources, numbers=numbers, total_alerts=total,
            alerts=alerts, events=events, latest=latest, mine=mine, next_due=due,
            usual={"days": usual.days, **usual.by(now)}, by_hour=_chart(numbers, usual),
            # Of sources, topics and words of the whole body: not one department's.
            hotspots=[] if actor.departments else spots,
        )  # fmt: skip

    async def _latest(self, now: datetime, scope: list[dict[str, Any]]) -> Found:
        """Of the last days, and of all times only where those have too few: to sort a million by
        their times takes long."""
        found = Found(0)
        for days in (2, 60, None):
            since = now - timedelta(days=days) if days else None
            found = await search(
                self._client, self._index(OPINIONS), "",
                Filters(since=since, seen=(*scope, NO_REPLIES)), self._cutter, LATEST,
                without=("text", "content"),
            )  # fmt: skip
            if len(found.hits) == LATEST:
                break
        return found


def _chart(numbers: Numbers, usual: Usual) -> Markup | None:
    if not any(numbers.by_hour):
        return None
    steps = [hour["items"] for hour in usual.by_hour] if usual.days >= COMPARED else []
    about = f"今日各小时采集条数，共 {numbers.items} 条，最多的一小时 {max(numbers.by_hour)} 条"
    return day(numbers.by_hour, steps, about)
