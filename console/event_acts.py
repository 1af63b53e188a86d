"""What analysts decide of events: rename, merge, split. The events agent obeys a moment later."""

from __future__ import annotations

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console import flash
from console.actor import actor_of, require
from console.event_pages import EventPages
from console.forms import pairs
from console.pages import Frame, Pages
from infra.event_index import items_of
from infra.settings import Settings
from infra.subcommand import run
from models.event_decisions import MOST
from models.masking import mask
from schemas.event import Event
from schemas.registry import OPINIONS

SECONDS = 60.0
AT_ONCE = 20  # events of one merge
TITLE, NOTE = 200, 1_000
SOON = "已记录，几秒后生效。"


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
        actor = require(request, "correct")
        form = await pairs(request, fields=AT_ONCE * 4)
        keys = list(dict.fromkeys(value for name, value in form if name == "id"))
        if not 2 <= len(keys) <= AT_ONCE:
            raise HTTPException(400, f"请勾选 2 至 {AT_ONCE} 个要合并的事件。")
        found = [await self._pages.find(request, key) for key in keys]
        events = sorted({e.id: e for e in found}.values(), key=lambda e: (-e.items, e.first_at))
        if len(events) < 2:
            raise HTTPException(409, "勾选的已经是同一个事件。")
        note = _note(dict(form))
        first, *others = (event.id for event in events)
        if not await self._decide(actor.name, "merge", note, first, *others):
            raise HTTPException(503, "没有写进消息队列（Kafka），请稍后再试。")
        await self._audit.told(request, "event", first, f"merge {' '.join(others)} {note}".strip())
        return flash.go(f"/events/{first}", SOON)

    async def act(self, request: Request) -> Response:
        actor = require(request, "correct")
        form = await pairs(request, fields=MOST + 20)
        event = await self._pages.find(request, request.path_params["id"])
        action, typed = request.path_params["action"], dict(form)
        ids = list(dict.fromkeys(value for name, value in form if name == "item"))
        note = _note(typed)
        match action:
            case "rename":
                wrong, said = _title(typed.get("title", ""))
                given = [event.id, said]
            case "merge":
                other = await self._other(request, event, typed.get("other", ""))
                wrong = "" if other else "请写另一个事件的编号或页面地址，不能是它自己。"
                given = [event.id, other]
            case "split":
                wrong = "" if 0 < len(ids) <= MOST else f"请勾选要拆出的条目，至多 {MOST} 条。"
                if ids and not wrong and not await self._its_own(request, event, ids):
                    wrong = "勾选的条目有的不在这个事件里了，请看现在的列表。"
                given = [event.id, *ids]
            case _:
                raise HTTPException(404, "没有这个操作。")
        if wrong:
            return await self._pages.of(request, event, 422, wrong, typed)
        if not await self._decide(actor.name, action, note, *given):
            wrong = "没有写进消息队列（Kafka），填写的还在下面，请稍后再试。"
            return await self._pages.of(request, event, 503, wrong, typed)
        await self._audit.told(
            request, "event", event.id, f"{action} {' '.join(given[1:6])} {note}".strip()
        )
        return flash.go(f"/events/{event.id}", SOON)

    async def _other(self, request: Request, event: Event, given: str) -> str:
        key = given.strip().rstrip("/").rsplit("/", 1)[-1].split("?")[0][:100]
        if not key:
            return ""
        other = await self._pages.find(request, key)
        return other.id if other.id != event.id else ""

    async def _its_own(self, request: Request, event: Event, ids: list[str]) -> bool:
        """Whether all of them are items of the event that the asker may see."""
        found = await self._client.count(
            index=self._index(OPINIONS),
            query={"bool": {"filter": [{"ids": {"values": ids}}, items_of(event.things),
                                       *actor_of(request).filters("departments.id")]}},
        )  # fmt: skip
        return bool(found["count"] == len(ids))

    async def _decide(self, who: str, action: str, note: str, *given: str) -> bool:
        told = [f"--note={note}"] if note else []
        code, _, _ = await run(
            "events", action, *told, f"--as={who}", "--", *given, seconds=SECONDS
        )
        return code == 0


def _title(given: str) -> tuple[str, str]:
    """(what is wrong, the title masked)."""
    said = mask([given.strip()])[0]
    return ("" if 0 < len(said) <= TITLE else f"名称为 1 至 {TITLE} 个字。"), said


def _note(form: dict[str, str]) -> str:
    return mask([form.get("note", "").strip()[:NOTE]])[0]
