"""Changes by the API of alerts and of what items are: the acts of the pages, nothing beside."""

from __future__ import annotations

from functools import partial
from typing import Any

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response

from console.actor import require
from console.alert_acts import AlertActs
from console.api.body import read
from console.api.match import check, etag, shown, stale, unchanged
from console.api.problem import Endpoint, Told, answer
from console.api.records import (
    AlertStep,
    Corrections,
    CorrectionSaid,
)
from console.correcting import field_named
from console.item_pages import ItemPages, noted
from console.pages import Frame, Pages
from infra.correction_store import Held
from infra.settings import Settings
from schemas.correction import Field
from schemas.errors import UserError


class ApiChanges(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._alerts = AlertActs(settings, client, frame)
        self._items = ItemPages(settings, client, frame)

    def handlers(self) -> dict[str, Endpoint]:
        return {
            "change-alert": self.alert,
            "list-item-corrections": self.corrections,
            "get-item-correction": self.correction,
            "correct": self.correct,
        }

    async def alert(self, request: Request) -> Response:
        """Compared in the step itself: it is written over the version that was compared."""
        require(request, "read")  # the answer shows it
        require(request, "answer")
        step = await read(request, AlertStep)
        form = {"note": step.note, "hours": str(step.hours), "person": step.person,
                "clock": step.clock, "other": step.other}  # fmt: skip
        return shown(await self._alerts.do(request, form, partial(check, request)))

    async def corrections(self, request: Request) -> Response:
        _, source = await self._items.source(request)
        held = await self._items.store.get(source["id"])
        return answer(Corrections(items=[each.correction for each in held.values()]))

    async def correction(self, request: Request) -> Response:
        _, source = await self._items.source(request)
        held = (await self._items.store.get(source["id"])).get(_field(request))
        if held is None:
            raise Told(404, "这一项没有人更正过。")
        tag = etag(held.correction)
        if unchanged(request, tag):
            return Response(status_code=304, headers={"etag": tag})
        return shown(held.correction)

    async def correct(self, request: Request) -> Response:
        require(request, "correct")
        said, name = await read(request, CorrectionSaid), _field(request)
        index, source = await self._items.source(request)
        try:
            values = await self._items.values(request, name, said.values)
        except UserError as error:
            wrong = f"{error.problem}（{error.remedy}）。"
            raise Told(422, wrong, place="$.values") from None
        held = await self._held(source, name)
        check(request, held.correction if held else None)
        done = await self._items.set(request, index, source, name, values, noted(said.note), held)
        if done is None:
            now = await self._held(source, name)
            raise stale(now.correction if now else None)
        return shown(done.correction, 200 if held else 201)

    async def _held(self, source: dict[str, Any], name: Field) -> Held | None:
        return (await self._items.store.get(source["id"])).get(name)


def _field(request: Request) -> Field:
    try:
        return field_named(request.path_params["field"])
    except UserError as error:
        raise Told(404, f"{error.problem}。") from None
