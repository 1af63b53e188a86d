"""What belongs to one event, item or alert, by the API: what their pages work out."""

from __future__ import annotations

from typing import TypeVar

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import reports
from console.actor import Actor, require
from console.alert_pages import AlertPages
from console.api.problem import Endpoint, answer
from console.api.related_records import (
    Beside,
    Channels,
    People,
    Person,
    RelatedEvents,
    RelatedToItem,
    Reports,
)
from console.delivery_pages import channels
from console.event_pages import EventPages
from console.event_reading import read_items
from console.event_spread import spread_path
from console.item_pages import ItemPages
from console.item_reading import Beside as Read
from console.item_reading import read_item
from console.pages import Frame, Pages
from console.similar import alike, find_alerts, find_trends, similar
from infra.settings import Settings
from schemas.event import Event
from schemas.registry import OPINIONS

T = TypeVar("T")


class ApiRelated(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._events = EventPages(settings, client, frame)
        self._items = ItemPages(settings, client, frame)
        self._alerts = AlertPages(settings, client, frame)

    def handlers(self) -> dict[str, Endpoint]:
        return {
            "event-items": self.items, "event-trend": self.trend, "event-spread": self.spread,
            "event-related": self.events, "event-alert": self.alert, "item-related": self.item,
            "cluster": self.cluster, "alert-reports": self.reports, "channels": self.channels,
            "people": self.people,
        }  # fmt: skip

    async def items(self, request: Request) -> Response:
        actor, event = await self._event(request)
        scope = actor.filters("departments.id")
        return answer(await read_items(self._client, self._index(OPINIONS), event, scope))

    async def trend(self, request: Request) -> Response:
        _, event = await self._event(request)
        found = await find_trends(self._client, self._settings, [event.id])
        return answer(_there(found.get(event.id), "这个事件还没有计算走势。"))

    async def spread(self, request: Request) -> Response:
        actor, event = await self._event(request)
        found = await spread_path(
            self._client, self._index(OPINIONS), event, actor.filters("departments.id")
        )
        return answer(_there(found, "这个事件没有传播路径：只有一条内容，或内容已过保存期。"))

    async def events(self, request: Request) -> Response:
        actor, event = await self._event(request)
        client, settings, scope = self._client, self._settings, actor.filters()
        return answer(RelatedEvents(
            past=await similar(client, settings, event, scope=scope),
            same=await alike(client, settings, event, scope=scope),
        ))  # fmt: skip

    async def alert(self, request: Request) -> Response:
        actor, event = await self._event(request)
        found = await find_alerts(self._client, self._settings, [event.id], actor.filters())
        return answer(_there(found.get(event.id), "这个事件没有预警。"))

    async def item(self, request: Request) -> Response:
        actor = require(request, "read")
        _, source = await self._items.source(request)
        view = await read_item(
            self._client, self._settings, source, actor.filters("departments.id"), actor.filters()
        )
        return answer(RelatedToItem(
            copies_total=view.copies_total, copies=list(map(_beside, view.copies)),
            versions=list(map(_beside, view.versions)), events=view.events, alert=view.alert,
        ))  # fmt: skip

    async def cluster(self, request: Request) -> Response:
        return answer(await self._items.spread(request))

    async def reports(self, request: Request) -> Response:
        require(request, "read")
        alert = await self._alerts.find(request, request.path_params["id"])
        return answer(Reports(items=await reports.find(self._client, self._settings, alert.id)))

    async def channels(self, request: Request) -> Response:
        actor = require(request, "read")
        return answer(Channels(items=await channels(self._client, self._settings, actor)))

    async def people(self, request: Request) -> Response:
        require(request, "answer")
        found = self._alerts.people()
        return answer(People(items=[Person(id=each.id, name=each.name) for each in found]))

    async def _event(self, request: Request) -> tuple[Actor, Event]:
        """The one that a merged event went into."""
        actor = require(request, "read")
        return actor, await self._events.find(request, request.path_params["id"])


def _there(found: T | None, otherwise: str) -> T:
    if found is None:
        raise HTTPException(404, otherwise)
    return found


def _beside(each: Read) -> Beside:
    return Beside(item=each.item, same=each.marked.same, stretches=each.marked.stretches)
