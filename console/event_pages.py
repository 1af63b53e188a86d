"""The pages of events: the list; one with phase, timeline, forecast, make-up, views."""

from __future__ import annotations

import asyncio
from typing import Any

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import NotTheirs, actor_of, require
from console.event_charts import chart, over_time, provinces, shown
from console.event_listing import ORDERS, PAGE, Asked, list_events
from console.event_reading import read_items
from console.event_spread import spread_path
from console.forms import page_of
from console.pages import Frame, Pages
from console.similar import alike, find_alerts, find_event, find_trends, similar
from infra.settings import Settings
from models.words import cutter
from response.labels import PHASES
from schemas.event import Event
from schemas.registry import OPINIONS

DEEPEST = 300  # pages
WHY = {
    "young": "数据还不足 9 小时，暂不预测", "small": "近一天不足 20 条，暂不预测",
    "naive": "回测没有胜过“与上一小时相同”的简单预测，因此不作预测", "": "还没有计算",
}  # fmt: skip
DECIDED = {"merged": "并入", "split": "拆分", "renamed": "改名", "refused": "没有照办"}


class EventPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._cutter = cutter(settings.config / "userdict.txt")

    def routes(self) -> list[BaseRoute]:
        return [Route("/events", self.list), Route("/events/{id}", self.show)]

    async def list(self, request: Request) -> Response:
        actor = require(request, "read")
        asked = _asked(request)
        found = await list_events(self._client, self._settings, asked, actor, self._cutter)
        alerts = await find_alerts(
            self._client,
            self._settings,
            [each.event.id for each in found.events],
            actor.filters(),
        )
        return self._page(
            request, "events.html", asked=asked, found=found, alerts=alerts, phases=PHASES,
            orders={name: label for name, (label, _) in ORDERS.items()},
            more=asked.page < DEEPEST and asked.page * PAGE < found.total,
        )  # fmt: skip

    async def show(self, request: Request) -> Response:
        require(request, "read")
        event = await self.find(request, request.path_params["id"])
        return await self.of(request, event)

    async def find(self, request: Request, key: str) -> Event:
        """HTTPException for one that is not there, or not theirs to see."""
        event = await find_event(self._client, self._settings, key)
        if event is None:
            raise HTTPException(404, "没有这个事件。")
        if not actor_of(request).sees(event.departments):
            raise NotTheirs(event.id)
        return event

    async def of(
        self, request: Request, event: Event, status: int = 200, wrong: str = "",
        typed: dict[str, Any] | None = None,
    ) -> Response:  # fmt: skip
        """The page of `event`; `wrong` and `typed`: of a form on it that could not be obeyed."""
        client, settings, actor = self._client, self._settings, actor_of(request)
        opinions = self._index(OPINIONS)
        trends, alerts, items, past, others, path = await asyncio.gather(
            find_trends(client, settings, [event.id]),
            find_alerts(client, settings, [event.id], actor.filters()),
            read_items(client, opinions, event, actor.filters("departments.id")),
            similar(client, settings, event, scope=actor.filters()),
            alike(client, settings, event, scope=actor.filters()),
            spread_path(client, opinions, event, actor.filters("departments.id")),
        )
        trend = trends.get(event.id)
        return self._page(
            request, "event.html", status, event=event, trend=trend, alert=alerts.get(event.id),
            chart=chart(event, trend), why=WHY, shown=shown, provinces=provinces(event),
            similar=past, path=path, items=items, attitudes=over_time(items.attitudes),
            others=others, decided=DECIDED, wrong=wrong,
            typed={"title": event.title, "note": "", "other": "", "action": "", "items": []}
            | (typed or {}),
        )  # fmt: skip


def _asked(request: Request) -> Asked:
    given = request.query_params
    return Asked(
        text=given.get("q", "")[:200], level=given.get("level", ""),
        phase=given.get("phase", "") if given.get("phase") in PHASES else "",
        sort=given.get("sort", "") if given.get("sort") in ORDERS else "heat",
        single=bool(given.get("single")),
        page=page_of(given.get("page", ""), DEEPEST),
    )  # fmt: skip
