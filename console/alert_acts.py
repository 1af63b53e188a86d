"""What people do with alerts: one step on one, or the same step on several ticked in the list."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console import flash
from console.access import kept
from console.actor import require
from console.alert_changing import asked_of, change_alert
from console.alert_pages import SHOWN, AlertPages
from console.forms import fields, pairs
from console.merging import Check, unchecked
from console.pages import Frame, Pages
from infra.settings import Settings
from schemas.alert import Alert
from schemas.registry import ALERTS

AT_ONCE = ("acknowledge", "handle", "comment", "assign", "mute", "resolve", "merge")


class AlertActs(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._pages = AlertPages(settings, client, frame)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/alerts/several", self.several, methods=["POST"]),
            Route("/alerts/{id}/{action}", self.act, methods=["POST"]),
        ]

    async def act(self, request: Request) -> Response:
        require(request, "answer")
        alert = await self.do(request, await fields(request))
        return RedirectResponse(f"/alerts/{alert.id}", 303)

    async def do(self, request: Request, form: dict[str, str], check: Check = unchecked) -> Alert:
        """The step that the address names, for the page and the API; the alert afterwards."""
        who, action = require(request, "answer"), request.path_params["action"]
        asked, before = asked_of(action, form, who.name), await self._find(request)
        other = form.get("other", "")
        if action == "merge" and other:
            await self._pages.find(request, other)
        after = await change_alert(
            self._pages.store, action, before, asked, datetime.now(UTC), other, check
        )
        await self._audit.told(request, "alert", before, f"{action} {asked.note}".strip())
        return after

    async def several(self, request: Request) -> Response:
        """What cannot be done to one of them stops none of the others, and is told."""
        who = require(request, "answer")
        given = await pairs(request, fields=SHOWN + 20)
        form = dict(given)
        # The button of a row names that row alone.
        action, _, only = form.get("action", "").partition(" ")
        keys = [only] if only else [value for name, value in given if name == "id"]
        keys = list(dict.fromkeys(keys))
        if action not in AT_ONCE:
            raise HTTPException(404, "没有这个操作。")
        if not keys:
            raise HTTPException(400, "请先勾选预警。")
        asked = asked_of(action, form, who.name)
        first, now = keys[0], datetime.now(UTC)
        if action == "merge":
            keys = keys[1:]
            await self._pages.find(request, first)
            if not keys:
                raise HTTPException(400, "请勾选要并案的预警，至少两条；并入最上面的一条。")
        told: Counter[str] = Counter()
        for key in keys:
            await self._pages.find(request, key)
            into, other = (first, key) if action == "merge" else (key, "")
            try:
                await change_alert(self._pages.store, action, into, asked, now, other)
            except HTTPException as error:
                told[str(error.detail).rstrip("。")] += 1
                continue
            told["已办"] += 1
            await self._audit.told(request, "alert", into, f"{action} {other} {asked.note}".strip())
        # The list that is shown next says what was just done.
        await self._client.indices.refresh(index=self._index(ALERTS))
        said = "；".join(f"{what} {count} 条" for what, count in told.items())
        return flash.go(kept.local(form.get("back", "/alerts")), said)

    async def _find(self, request: Request) -> str:
        return (await self._pages.find(request, request.path_params["id"])).id
