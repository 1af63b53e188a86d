"""What analysts decide of events: rename, merge, split. The events agent obeys a moment later."""

from __future__ import annotations

from collections.abc import Sequence

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console import flash
from console.actor import actor_of, require
from console.event_command import told
from console.event_pages import EventPages
from console.event_words import key_of, note_of, title_of
from console.forms import pairs
from console.pages import Frame, Pages
from console.similar import find_event
from infra.event_index import items_of
from infra.settings import Settings
from models.event_decisions import MOST
from schemas.event import Event
from schemas.registry import OPINIONS

AT_ONCE = 20  # events of one merge
SOON = "已记录，几秒后生效。"
ANOTHER = "请写另一个事件的编号或页面地址，不能是它自己。"
AWAY = "没有写进消息队列（Kafka），请稍后再试。"


class EventActs(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._pages = EventPages(settings, client, frame)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/events/merge", self.merge, methods=["POST"]),
            Route("/events/{id}/{action}", self.act, methods=["POST"]),
        ]

    async def merge(self, request: Request) -> Response:
        """From the list: the ticked ones become part of the largest of them."""
        require(request, "correct")
        form = await pairs(request, fields=AT_ONCE * 4)
        keys = list(dict.fromkeys(value for name, value in form if name == "id"))
        if not 2 <= len(keys) <= AT_ONCE:
            raise HTTPException(400, f"请勾选 2 至 {AT_ONCE} 个要合并的事件。")
        found = [await self._pages.find(request, key) for key in keys]
        events = sorted({e.id: e for e in found}.values(), key=lambda e: (-e.items, e.first_at))
        if len(events) < 2:
            raise HTTPException(409, "勾选的已经是同一个事件。")
        note = note_of(dict(form).get("note", ""))
        first, *others = (event.id for event in events)
        if not await self.decide(request, first, "merge", note, *others):
            raise HTTPException(503, AWAY)
        return flash.go(f"/events/{first}", SOON)

    async def act(self, request: Request) -> Response:
        require(request, "correct")
        form = await pairs(request, fields=MOST + 20)
        event = await self._pages.find(request, request.path_params["id"])
        action, given = request.path_params["action"], dict(form)
        ids = list(dict.fromkeys(value for name, value in form if name == "item"))
        note = note_of(given.get("note", ""))
        typed = {"title": event.title, **given, "action": action, "items": ids}
        about, wrong = await self.asked(
            request, event, action, given.get("title", ""), [given.get("other", "")], ids
        )
        if wrong:
            return await self._pages.of(request, event, 422, wrong, typed)
        if not await self.decide(request, event.id, action, note, *about):
            wrong = "没有写进消息队列（Kafka），填写的还在下面，请稍后再试。"
            return await self._pages.of(request, event, 503, wrong, typed)
        return flash.go(f"/events/{event.id}", SOON)

    async def asked(
        self, request: Request, event: Event, action: str, title: str, others: Sequence[str],
        ids: list[str],
    ) -> tuple[list[str], str]:  # fmt: skip
        """(what the command is given beside the event, what is wrong with it)."""
        match action:
            case "rename":
                wrong, said = title_of(title)
                return [said], wrong
            case "merge":
                found = [await self._other(request, event, other) for other in others]
                wrong = "" if found and all(found) else ANOTHER
                return list(dict.fromkeys(found)), wrong
            case "split":
                if not 0 < len(ids) <= MOST:
                    return ids, f"请勾选要拆出的条目，至多 {MOST} 条。"
                if not all(ids) or not await self._its_own(request, event, ids):
                    return ids, "勾选的条目有的不在这个事件里了，请看现在的列表。"
                return ids, ""
        raise HTTPException(404, "没有这个操作。")

    async def decide(
        self, request: Request, event: str, action: str, note: str, *given: str
    ) -> bool:
        """Told to the events agent, and put on record; False: Kafka did not take it."""
        who = require(request, "correct").name
        if not await told(who, note, action, event, *given):
            return False
        shown = given if action == "merge" else given[:5]
        await self._audit.told(
            request, "event", event, f"{action} {' '.join(shown)} {note}".strip()
        )
        return True

    async def _other(self, request: Request, event: Event, given: str) -> str:
        """Its id; "" where there is none: said beside the form, which keeps its words."""
        other = await find_event(self._client, self._settings, key_of(given))
        if other is None or other.id == event.id:
            return ""
        return (await self._pages.find(request, other.id)).id

    async def _its_own(self, request: Request, event: Event, ids: list[str]) -> bool:
        """Whether all of them are items of the event that the asker may see."""
        found = await self._client.count(
            index=self._index(OPINIONS),
            query={"bool": {"filter": [{"ids": {"values": ids}}, items_of(event),
                                       *actor_of(request).filters("departments.id")]}},
        )  # fmt: skip
        return bool(found["count"] == len(ids))
