"""The pages of alerts: the list, one alert with its reports, and what people do with it."""

from __future__ import annotations

from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console import overview, reports, steps
from console.actor import NotTheirs, actor_of, require
from console.forms import fields
from console.merging import merge_alerts
from console.pages import Frame, Pages
from infra.alert_store import AlertStore
from infra.indices import write_name
from infra.settings import Settings
from models.masking import mask
from response.contacts import Contacts
from schemas.alert import Alert
from schemas.errors import UserError
from schemas.registry import ALERTS, DELIVERIES
from schemas.yaml_file import load_yaml

SHOWN = 50
LONGEST = 1_000  # characters of a note


class AlertPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._store = AlertStore(client, write_name(settings, ALERTS), patient=False)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/alerts", self.list),
            Route("/alerts/{id}", self.show),
            Route("/alerts/{id}/{action}", self.act, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        asked = request.query_params.get("page", "")
        page = max(1, min(int(asked) if asked.isdecimal() and len(asked) < 5 else 1, 500))
        total, found = await overview.open_alerts(
            self._client, self._settings, page * SHOWN, actor_of(request).filters()
        )
        return self._page(
            request, "alerts.html", total=total, page=page, alerts=found[(page - 1) * SHOWN :],
            more=page * SHOWN < min(total, overview.MOST_ALERTS),
        )  # fmt: skip

    async def show(self, request: Request) -> Response:
        alert = await self._alert(request)
        sent = await self._client.search(
            index=self._settings.prefix + DELIVERIES.alias,
            query={"term": {"alert_id": alert.id}},
            sort=[{"sent_at": "asc"}],
            size=200,
        )
        _, others = await overview.open_alerts(
            self._client, self._settings, 100, actor_of(request).filters()
        )
        contacts = load_yaml(self._settings.config / "contacts.yaml", Contacts)
        return self._page(
            request, "alert.html", alert=alert,
            deliveries=[hit["_source"] for hit in sent["hits"]["hits"]],
            buttons=steps.buttons(alert.status), people=contacts.people,
            others=[other for other in others if other.id != alert.id],
            reports=await reports.find(self._client, self._settings, alert.id), said=reports.said,
        )  # fmt: skip

    async def act(self, request: Request) -> Response:
        """A person's step (console/steps.py), or the merge of another alert into this one."""
        who = require(request, "answer")
        form = await fields(request)
        actor, note = who.name, form.get("note", "").strip()
        if len(note) > LONGEST:
            raise HTTPException(400, "说明不超过 1000 字。")
        action = request.path_params["action"]
        if action not in steps.ACTIONS:
            raise HTTPException(404, "没有这个操作。")
        if action in steps.NEEDS_NOTE and not note:
            raise HTTPException(400, steps.NEEDS_NOTE[action])
        note = mask([note])[0]
        before = await self._alert(request)
        if action == "merge" and form.get("other"):
            await self._alert(request, form["other"])
        try:
            await self._apply(action, before, actor, note, form)
        except UserError as error:
            raise HTTPException(409, f"{error.problem}。") from None
        await self._audit.told(request, "alert", before.id, f"{action} {note}".strip())
        return RedirectResponse(f"/alerts/{before.id}", 303)

    async def _apply(
        self, action: str, before: Alert, actor: str, note: str, form: dict[str, str]
    ) -> None:
        now, store = datetime.now(UTC), self._store
        if action == "merge":
            other = form.get("other", "")
            await merge_alerts(store, before.id, other, actor, note, now)
            return
        hours = form.get("hours", "")
        asked = steps.Asked(
            actor=actor,
            note=note,
            hours=max(1, min(int(hours), 24 * 90)) if hours.isdecimal() and len(hours) < 6 else 24,
            person=form.get("person", "")[:100],
            clock=form.get("clock", ""),
        )
        done: list[Alert] = []

        def step(alert: Alert) -> Alert:
            after = steps.apply(action, alert, asked, now)
            done[:] = [alert, after]
            return after

        after = await store.change(before.id, step)
        if after is done[0]:
            by = after.acknowledged_by
            late = (
                f"已由{by}确认，" if by and action == "acknowledge" else "现在的状态下不能这样做，"
            )
            raise HTTPException(409, f"{late}本次操作没有另行记录。")

    async def _alert(self, request: Request, key: str = "") -> Alert:
        """That of the address, or another; HTTPException for one that is not theirs to see."""
        key = key or request.path_params["id"]
        found = await self._store.get([key])
        if key not in found:
            raise HTTPException(404, "没有这条预警。")
        if not actor_of(request).sees(found[key].alert.departments):
            raise NotTheirs(key)
        return found[key].alert
