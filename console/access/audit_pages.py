"""The record of what was done, for those who look after it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import require
from console.pages import Pages
from schemas.registry import AUDIT_LOG

SHOWN = 100


class AuditPages(Pages):
    def routes(self) -> list[BaseRoute]:
        return [Route("/audit", self.audit)]

    async def audit(self, request: Request) -> Response:
        require(request, "audit")
        names = ("actor", "action", "outcome", "object")
        asked = {name: request.query_params.get(name, "")[:200] for name in names}
        wanted = [{"term": {name: value}} for name, value in asked.items() if value]
        # Who looks whether an act is on record has just done it.
        await self._client.indices.refresh(index=self._index(AUDIT_LOG))
        answer = await self._client.search(
            index=self._index(AUDIT_LOG), query={"bool": {"filter": wanted}}, size=SHOWN,
            sort=[{"at": "desc"}, {"id": "desc"}], track_total_hits=True,
            aggs={"action": {"terms": {"field": "action", "size": 60}}},
        )  # fmt: skip
        return self._page(
            request, "audit.html", asked=asked, total=answer["hits"]["total"]["value"],
            entries=[hit["_source"] for hit in answer["hits"]["hits"]],
            actions=[each["key"] for each in answer["aggregations"]["action"]["buckets"]],
        )  # fmt: skip
