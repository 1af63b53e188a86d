"""Who was told what, on which channel, and what came back."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import Actor, require
from console.alert_listing import of_their_alerts
from console.pages import Pages
from console.record_list import SHOWN, filters, older, older_than
from infra.indices import write_name
from infra.settings import Settings
from schemas.alert import ChannelHealth
from schemas.registry import CHANNELS, DELIVERIES

STATUSES = {"delivered": "已送达", "retrying": "重试中", "failed": "失败", "held": "待汇总"}
ASKED = {"recipient": "recipient", "channel": "channel", "status": "status", "alert": "alert_id"}
LATEST: list[dict[str, str]] = [{"sent_at": "desc"}, {"id": "asc"}]


class DeliveryPages(Pages):
    def routes(self) -> list[BaseRoute]:
        return [Route("/deliveries", self.all)]

    async def all(self, request: Request) -> Response:
        actor = require(request, "read")
        asked = {name: request.query_params.get(name, "")[:200] for name in (*ASKED, "since")}
        query: dict[str, Any] = {"bool": {"filter": [
            {"term": {field: asked[name]}} for name, field in ASKED.items() if asked[name]
        ]}}  # fmt: skip
        query["bool"]["filter"] += filters("sent_at", asked["since"])
        query["bool"]["filter"] += await of_their_alerts(self._client, self._settings, actor)
        answer, known = await asyncio.gather(
            self._client.search(
                index=self._index(DELIVERIES), query=query, sort=LATEST,
                size=SHOWN + 1, search_after=older_than(request), track_total_hits=True,
                aggs={name: {"terms": {"field": ASKED[name], "size": 50}}
                      for name in ("recipient", "channel", "status")},
            ),
            channels(self._client, self._settings, actor),
        )  # fmt: skip
        hits = answer["hits"]["hits"]
        return self._page(
            request, "deliveries.html", asked=asked, statuses=STATUSES,
            total=answer["hits"]["total"]["value"],
            deliveries=[hit["_source"] for hit in hits[:SHOWN]], older=older(request, hits),
            counts={name: {b["key"]: b["doc_count"] for b in found["buckets"]}
                    for name, found in answer["aggregations"].items()},
            channels=known,
        )  # fmt: skip


async def channels(
    client: AsyncElasticsearch, settings: Settings, actor: Actor
) -> list[ChannelHealth]:
    """Those that failed once; what always answered is not on record. Recipients are of all
    departments: only for those who see all."""
    if actor.departments:
        return []
    found = await client.search(
        index=write_name(settings, CHANNELS), size=200, ignore_unavailable=True
    )
    return [
        msgspec.convert(hit["_source"], ChannelHealth, strict=False)
        for hit in found["hits"]["hits"]
    ]
