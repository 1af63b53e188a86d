"""The first page's counts by the API."""

from __future__ import annotations

from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response

from console.actor import require
from console.api.overview_records import OpenAlerts, Overview, UsualNow
from console.api.problem import Endpoint, answer
from console.pages import Frame, Pages
from console.situation import COMPARED, SituationReader
from infra.settings import Settings


class ApiOverview(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._situation = SituationReader(client, settings)

    def handlers(self) -> dict[str, Endpoint]:
        return {"overview": self.overview}

    async def overview(self, request: Request) -> Response:
        actor, now = require(request, "read"), datetime.now(UTC)
        it = await self._situation.read(actor, now)
        usual = UsualNow(days=it.usual.days, **it.usual.by(now))
        return answer(Overview(
            at=now, today=it.numbers,
            usual=usual if usual.days >= COMPARED else None,
            alerts=OpenAlerts(
                open=it.open, mine=it.mine, gravest=it.alerts, next_due=list(it.next_due)
            ),
            events=it.events, hotspots=it.hotspots, sources=it.sources.wrong,
            scheduler_silent_since=it.sources.stopped_at,
        ))  # fmt: skip
