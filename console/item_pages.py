"""The pages of opinions: one item with what speaks for each judgement, and its copies."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from elasticsearch import ApiError, AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console.actor import NotTheirs, actor_of, require
from console.correcting import Allowed, correction, field_named, values_of
from console.forms import pairs
from console.item_event import known, move
from console.item_evidence import marks
from console.item_reading import find_source, read_item
from console.pages import Frame, Pages
from console.spread import Spread, spread
from console.text_marks import SHOWN, annotated
from infra.correction_store import CorrectionStore, Held
from infra.settings import Settings
from infra.watch_store import WatchStore
from models.corrected import changes
from models.masking import mask
from models.names import department_names, rule_names, topic_names
from models.watch import load_file
from schemas.base import encode
from schemas.correction import Field
from schemas.errors import UserError
from schemas.registry import OPINIONS

UNMOVED = "更正已记下，但没有写进消息队列（Kafka），事件还没有变；请稍后再提交一次。"
NOTE = 1_000  # characters
NOTHING_TYPED: dict[str, Any] = {"field": "", "values": [], "note": ""}
log = structlog.get_logger("tingchao.console")


class ItemPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self.store = CorrectionStore(settings, client)
        self._topics = topic_names(settings.config)
        self._departments = department_names(settings.config)
        self._rules = rule_names(settings.config)
        self.allowed = Allowed(self._topics, self._departments)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/items/{id}", self.item),
            Route("/items/{id}/correct", self.correct, methods=["POST"]),
            Route("/clusters/{id}", self.cluster),
        ]

    async def item(self, request: Request) -> Response:
        _, source = await self.source(request)
        return await self._show(request, source)

    async def correct(self, request: Request) -> Response:
        """One field by one form; the second of two people sees what the first said, and loses
        nothing of what was typed."""
        require(request, "correct")
        form = await pairs(request)
        given = [value for name, value in form if name == "value"]
        single = dict(form)
        index, source = await self.source(request)
        note = noted(single.get("note", ""))
        try:
            name = field_named(single.get("field", ""))
            typed: dict[str, Any] = {"field": name, "values": given, "note": note}
            values = await self.values(request, name, given)
        except UserError as error:
            known = {"field": single.get("field", ""), "values": given, "note": note}
            return await self._show(request, source, 422, typed=known,
                                    wrong=f"{error.problem}（{error.remedy}）")  # fmt: skip
        held = (await self.store.get(source["id"])).get(name)
        before = held.correction if held else None
        if (held.version if held else "") != single.get("version", ""):
            said = f"{before.actor} 已在您打开页面之后更正过这一项。" if before else ""
            return await self._show(request, source, 409, typed=typed, wrong=(
                said or "这一项已被别人改过。"
            ) + "请看现在的值；您填写的还在下面，仍要改就再提交一次。")  # fmt: skip
        if await self.set(request, index, source, name, values, note, held) is None:
            return await self._show(request, source, 409, typed=typed, wrong=(
                "这一项刚被别人改过。请看现在的值；您填写的还在下面，仍要改就再提交一次。"
            ))  # fmt: skip
        return RedirectResponse(f"/items/{source['id']}#{name}", 303)

    async def set(
        self, request: Request, index: str, source: dict[str, Any], name: Field,
        values: list[str], note: str, held: Held | None,
    ) -> Held | None:  # fmt: skip
        """Over `held`, which the asker saw; None: somebody else wrote since."""
        who, before = require(request, "correct").name, held.correction if held else None
        made = correction(before, source, name, values, who, note, datetime.now(UTC))
        done = await self.store.save(made, held)
        if done is None:
            return None
        await self._apply(index, source["id"], changes(source, [made]))
        what = f"{name}: {'、'.join(made.old)} → {'、'.join(values) or '恢复'}"
        await self._audit.told(request, "correct", source["id"], f"{what} {note}".strip())
        client, settings = self._client, self._settings
        if name == "event" and values and not await move(
            client, settings, source, values[0], who, note
        ):  # fmt: skip
            raise HTTPException(503, UNMOVED)
        return done

    async def values(self, request: Request, name: Field, given: Sequence[str]) -> list[str]:
        """As they are stored; UserError says what is wrong with them."""
        values = values_of(name, given, self.allowed)
        if name == "event":
            return await known(self._client, self._settings, self._audit, request, values)
        return values

    async def _apply(self, index: str, key: str, part: dict[str, Any]) -> None:
        """Into the document too, so that searches and counts go by it. The correction is kept
        whether this succeeds or not: pages lay it over, and a replay writes it again."""
        if part:
            try:
                await self._client.update(
                    index=index, id=key, doc=part, refresh="wait_for", retry_on_conflict=3
                )
            except ApiError as error:
                log.warning("a correction is not in its document", item=key, error=str(error))

    async def cluster(self, request: Request) -> Response:
        return self._page(request, "spread.html", spread=await self.spread(request))

    async def spread(self, request: Request) -> Spread:
        """HTTPException for a cluster that is not there, or not theirs to see."""
        require(request, "read")
        key, scope = request.path_params["id"], actor_of(request).filters("departments.id")
        found = await spread(self._client, self._index(OPINIONS), key, scope)
        if found is None and scope and await spread(self._client, self._index(OPINIONS), key):
            raise NotTheirs(key)
        if found is None:
            raise HTTPException(404, "没有这组内容。")
        return found

    async def source(self, request: Request) -> tuple[str, dict[str, Any]]:
        """HTTPException for an item that is not there, or not theirs to see."""
        actor, key = require(request, "read"), request.path_params["id"]
        found = await find_source(self._client, self._index(OPINIONS), key)
        if found is None:
            raise HTTPException(404, "没有这条内容。")
        if not actor.sees(each["id"] for each in found[1].get("departments", ())):
            raise NotTheirs(key)
        return found

    async def _show(
        self, request: Request, source: dict[str, Any], status: int = 200,
        typed: dict[str, Any] | None = None, wrong: str = "",
    ) -> Response:  # fmt: skip
        actor = actor_of(request)
        view, stored = await asyncio.gather(
            read_item(self._client, self._settings, source,
                      actor.filters("departments.id"), actor.filters()),
            WatchStore(self._settings, self._client).all() if source.get("watch") else _nothing(),
        )  # fmt: skip
        watches = {each.id: each.name for each in stored}
        watches |= {w.id: w.name for w in load_file(self._settings.config / "watch.yaml")}
        found = marks(view.said, _named(self._topics), _named(self._departments),
                      _named(self._rules))  # fmt: skip
        return self._page(
            request, "item.html", status, view=view, item=view.item, watches=watches,
            text=annotated(view.item.text, found), cut=len(view.item.text) > SHOWN, most=SHOWN,
            title=annotated(view.item.title, found), typed=typed or NOTHING_TYPED, wrong=wrong,
            topics=self._topics, departments=self._departments,
            size=len(encode(source)),
        )  # fmt: skip


def noted(given: str) -> str:
    return mask([given.strip()[:NOTE]])[0]


def _named(names: dict[str, str]):  # type: ignore[no-untyped-def]
    return lambda key: names.get(key, key)


async def _nothing() -> list[Any]:
    return []
