"""The pages of alerts: the list, and one alert with its reports and what was told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog
from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console import reports, steps
from console.actor import NotTheirs, actor_of, require
from console.alert_listing import MOST, STATES, Asked, list_alerts
from console.forms import page_of
from console.pages import Frame, Pages
from infra.alert_store import AlertStore
from infra.indices import write_name
from infra.settings import Settings
from models.names import department_names
from models.reloading import Reloading
from response.contacts import Contact, Contacts
from response.labels import STATUSES
from schemas.alert import Alert
from schemas.errors import UserError
from schemas.registry import ALERTS, DELIVERIES
from schemas.yaml_file import load_yaml

log = structlog.get_logger("tingchao.console")
SHOWN = 50
OVER = {name: label for name, label in STATUSES.items() if name in STATES}
OTHERS = 100  # that may be merged into one


class AlertPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self.store = AlertStore(client, write_name(settings, ALERTS), patient=False)
        self._contacts = Reloading(settings.config / "contacts.yaml", _contacts, _told)
        self._departments = department_names(settings.config)

    def routes(self) -> list[BaseRoute]:
        return [Route("/alerts", self.list), Route("/alerts/{id}", self.show)]

    async def list(self, request: Request) -> Response:
        actor, asked = require(request, "read"), Asked.of(request.query_params)
        page = page_of(request.query_params.get("page", ""), MOST // SHOWN)
        total, found = await list_alerts(
            self._client, self._settings, actor, asked, SHOWN, (page - 1) * SHOWN
        )
        return self._page(
            request, "alerts.html", total=total, page=page, alerts=found, asked=asked,
            more=page * SHOWN < min(total, MOST), departments=self._departments,
            states={"": "未办结", **OVER, "all": "全部"}, people=self.people(),
        )  # fmt: skip

    async def show(self, request: Request) -> Response:
        actor, alert = actor_of(request), await self.find(request, request.path_params["id"])
        sent, (_, others), told = await asyncio.gather(
            self._client.search(
                index=self._index(DELIVERIES), query={"term": {"alert_id": alert.id}},
                sort=[{"sent_at": "asc"}], size=200,
            ),
            list_alerts(self._client, self._settings, actor, Asked(), OTHERS),
            reports.find(self._client, self._settings, alert.id),
        )  # fmt: skip
        return self._page(
            request, "alert.html", alert=alert, reports=told,
            deliveries=[hit["_source"] for hit in sent["hits"]["hits"]],
            buttons=steps.buttons(alert.status) if actor.may("answer") else {},
            people=self.people(), others=[other for other in others if other.id != alert.id],
        )  # fmt: skip

    async def find(self, request: Request, key: str) -> Alert:
        """HTTPException for one that is not there, or not theirs to see."""
        found = await self.store.get([key])
        if key not in found:
            raise HTTPException(404, "没有这条预警。")
        if not actor_of(request).sees(found[key].alert.departments):
            raise NotTheirs(key)
        return found[key].alert

    def people(self) -> Sequence[Contact]:
        """As the file says now; a broken change of it keeps the old ones."""
        return self._contacts.current().people


def _contacts(path: Path) -> Contacts:
    return load_yaml(path, Contacts)


def _told(error: UserError | None) -> None:
    if error:
        log.error("contacts.yaml is broken; the old contacts stay", error=str(error))
