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

from console.actor import require
from console.charts import day
from console.overview import Numbers
from console.pages import Frame, Pages
from console.search import Filters, Found, search
from console.situation import COMPARED, SituationReader
from console.usual import Usual
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
        self._situation = SituationReader(client, settings)

    def routes(self) -> list[BaseRoute]:
        return [Route("/", self.home)]

    async def home(self, request: Request) -> Response:
        now = datetime.now(UTC)
        actor = require(request, "read")
        it, latest = await asyncio.gather(
            self._situation.read(actor, now), self._latest(now, actor.filters("departments.id"))
        )
        return self._page(
            request, "home.html", now=now, sources=it.sources, numbers=it.numbers,
            total_alerts=it.open, alerts=it.alerts, events=it.events, latest=latest, mine=it.mine,
            next_due=it.next_due, usual={"days": it.usual.days, **it.usual.by(now)},
            by_hour=_chart(it.numbers, it.usual), hotspots=it.hotspots,
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
