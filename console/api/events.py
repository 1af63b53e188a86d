"""Decisions of events by the API: those of the pages, nothing beside."""

from __future__ import annotations

from functools import partial

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response

from console.actor import require
from console.api.body import read
from console.api.match import check, public
from console.api.problem import Endpoint, Told, answer
from console.api.records import EventMerge, EventRename, EventSplit
from console.event_acts import AWAY, SOON, EventActs
from console.event_pages import EventPages
from console.event_words import note_of
from console.pages import Frame, Pages
from infra.settings import Settings


class ApiEvents(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._events = EventPages(settings, client, frame)
        self._decisions = EventActs(settings, client, frame)

    def handlers(self) -> dict[str, Endpoint]:
        return {
            "rename-event": partial(self.event, kind=EventRename),
            "merge-event": partial(self.event, kind=EventMerge),
            "split-event": partial(self.event, kind=EventSplit),
        }

    async def event(
        self, request: Request, kind: type[EventRename] | type[EventMerge] | type[EventSplit]
    ) -> Response:
        """The events agent decides in the order of items: what changed after the comparison is
        met by its own rules, as for decisions of pages."""
        require(request, "read")
        require(request, "correct")
        said: EventRename | EventMerge | EventSplit = await read(request, kind)
        event = await self._events.find(request, request.path_params["id"])
        check(request, event)
        action, title, others, ids = "", "", [""], list[str]()
        match said:
            case EventRename(title=title):
                action = "rename"
            case EventMerge(others=others):
                action = "merge"
            case EventSplit(items=items):
                action, ids = "split", list(dict.fromkeys(items))
        given, wrong = await self._decisions.asked(request, event, action, title, others, ids)
        if wrong:
            raise Told(422, wrong)
        note = note_of(said.note)
        if not await self._decisions.decide(request, event.id, action, note, *given):
            raise Told(503, AWAY)
        return answer({"event": public(event), "said": SOON}, 202)
