"""What people do with alerts: one step on one, or the same step on several ticked in the list."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console import flash, steps
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

TITLE = 30  # characters


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
        asked = asked_of(action, form, who.name, self._pages.people)
        before = (await self._pages.find(request, request.path_params["id"])).id
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
        if action not in steps.DONE:
            raise HTTPException(404, "没有这个操作。")
        if not keys:
            raise HTTPException(400, "请先勾选预警。")
        asked = asked_of(action, form, who.name, self._pages.people)
        first, now = keys[0], datetime.now(UTC)
        # All are looked for before the first is written: one that is not there, or not theirs to
        # see, is answered by an error page, which could not say what was done before it.
        titles = {key: (await self._pages.find(request, key)).title for key in keys}
        if action == "merge":
            keys = keys[1:]
            if not keys:
                raise HTTPException(400, "请勾选要并案的预警，至少两条；并入最上面的一条。")
        done: list[str] = []
        told: Counter[str] = Counter()
        for key in keys:
            into, other = (first, key) if action == "merge" else (key, "")
            try:
                await change_alert(self._pages.store, action, into, asked, now, other)
            except HTTPException as error:
                told[str(error.detail).rstrip("。")] += 1
                continue
            done.append(key)
            await self._audit.told(request, "alert", into, f"{action} {other} {asked.note}".strip())
        # The list that is shown next says what was just done.
        await self._client.indices.refresh(index=self._index(ALERTS))
        said = [_done(action, [titles[key] for key in done])] if done else []
        said += [f"{what} {count} 条" for what, count in told.items()]
        return flash.go(kept.local(form.get("back", "/alerts")), "；".join(said))


def _done(action: str, titles: list[str]) -> str:
    """Of one, its title: the row is gone from the list by then."""
    said = f"{steps.DONE[action]} {len(titles)} 条"
    if len(titles) > 1:
        return said
    title = titles[0] if len(titles[0]) <= TITLE else f"{titles[0][: TITLE - 1]}…"
    return f"{said}：{title}"
