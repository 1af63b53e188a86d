"""Who was told what, on which channel, and what came back."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import actor_of, require
from console.pages import Pages
from console.record_list import SHOWN, filters, older, older_than
from infra.indices import write_name
from schemas.registry import ALERTS, CHANNELS, DELIVERIES

STATUSES = {"delivered": "已送达", "retrying": "重试中", "failed": "失败", "held": "待汇总"}
ASKED = {"recipient": "recipient", "channel": "channel", "status": "status", "alert": "alert_id"}
LATEST: list[dict[str, str]] = [{"sent_at": "desc"}, {"id": "asc"}]


class DeliveryPages(Pages):
    def routes(self) -> list[BaseRoute]:
        return [Route("/deliveries", self.all)]

    async def all(self, request: Request) -> Response:
        require(request, "read")
        asked = {name: request.query_params.get(name, "")[:200] for name in (*ASKED, "since")}
        query: dict[str, Any] = {"bool": {"filter": [
            {"term": {field: asked[name]}} for name, field in ASKED.items() if asked[name]
        ]}}  # fmt: skip
        query["bool"]["filter"] += filters("sent_at", asked["since"])
        query["bool"]["filter"] += await self._theirs(request)
        answer, channels = await asyncio.gather(
            self._client.search(
                index=self._index(DELIVERIES), query=query, sort=LATEST,
                size=SHOWN + 1, search_after=older_than(request), track_total_hits=True,
                aggs={name: {"terms": {"field": ASKED[name], "size": 50}}
                      for name in ("recipient", "channel", "status")},
            ),
            self._client.search(
                index=write_name(self._settings, CHANNELS), size=200, ignore_unavailable=True
            ),
        )  # fmt: skip
        hits = answer["hits"]["hits"]
        return self._page(
            request, "deliveries.html", asked=asked, statuses=STATUSES,
            total=answer["hits"]["total"]["value"],
            deliveries=[hit["_source"] for hit in hits[:SHOWN]], older=older(hits),
            counts={name: {b["key"]: b["doc_count"] for b in found["buckets"]}
                    for name, found in answer["aggregations"].items()},
            channels=[hit["_source"] for hit in channels["hits"]["hits"]],
        )  # fmt: skip

    async def _theirs(self, request: Request) -> list[dict[str, Any]]:
        """A delivery has no department of its own: it is that of its alert."""
        filters = actor_of(request).filters("departments")
        if not filters:
            return []
        answer = await self._client.search(
            index=write_name(self._settings, ALERTS), query={"bool": {"filter": filters}},
            sort=[{"updated_at": "desc"}], size=2_000, source=False,
        )  # fmt: skip
        return [{"terms": {"alert_id": [hit["_id"] for hit in answer["hits"]["hits"]]}}]
