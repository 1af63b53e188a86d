"""The record of what was done, for those who look after it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import require
from console.pages import Pages
from console.record_list import SHOWN, filters, older, older_than
from schemas.registry import AUDIT_LOG

TERMS = ("actor", "action", "outcome", "object")


class AuditPages(Pages):
    def routes(self) -> list[BaseRoute]:
        return [Route("/audit", self.audit)]

    async def audit(self, request: Request) -> Response:
        require(request, "audit")
        asked = {name: request.query_params.get(name, "")[:200] for name in (*TERMS, "since")}
        wanted = [{"term": {name: asked[name]}} for name in TERMS if asked[name]]
        # Who looks whether an act is on record has just done it.
        await self._client.indices.refresh(index=self._index(AUDIT_LOG))
        answer = await self._client.search(
            index=self._index(AUDIT_LOG), sort=[{"at": "desc"}, {"id": "desc"}], size=SHOWN + 1,
            query={"bool": {"filter": [*wanted, *filters("at", asked["since"])]}},
            search_after=older_than(request), track_total_hits=True,
            aggs={"action": {"terms": {"field": "action", "size": 60}}},
        )  # fmt: skip
        hits = answer["hits"]["hits"]
        return self._page(
            request, "audit.html", asked=asked, total=answer["hits"]["total"]["value"],
            entries=[hit["_source"] for hit in hits[:SHOWN]], older=older(request, hits),
            actions=[each["key"] for each in answer["aggregations"]["action"]["buckets"]],
        )  # fmt: skip
