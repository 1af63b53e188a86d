"""An item that belongs to another event: the correction is obeyed by the events agent too."""

from __future__ import annotations

from typing import Any

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request

from console.access.audit import AuditLog
from console.actor import actor_of
from console.event_command import told
from console.similar import find_event
from infra.event_index import events_of
from infra.indices import write_name
from infra.settings import Settings
from schemas.errors import UserError
from schemas.registry import EVENTS


async def known(
    client: AsyncElasticsearch, settings: Settings, audit: AuditLog, request: Request,
    values: list[str],
) -> list[str]:  # fmt: skip
    """The id of the event that is meant, or of the one that it became part of; UserError when
    there is none that they may see, and for another department's a line on record."""
    if not values:
        return []
    event = await find_event(client, settings, values[0])
    if event is not None and actor_of(request).sees(event.departments):
        return [event.id]
    if event is not None:
        await audit.told(request, "another department's", event.id, outcome="refused")
    raise UserError("没有这个事件", "从事件页面复制它的地址")


async def move(
    client: AsyncElasticsearch, settings: Settings, item: dict[str, Any], to: str, who: str,
    note: str,
) -> bool:  # fmt: skip
    """Out of the event that has it, into `to`; False: Kafka did not take it."""
    its = events_of(item["origin_id"], item["cluster_id"], item.get("root_id"))
    answer = await client.search(
        index=write_name(settings, EVENTS), size=1, source=False, sort=[{"items": "desc"}],
        query={"bool": {
            "filter": [its],
            "must_not": [{"ids": {"values": [to]}}, {"exists": {"field": "merged_into"}}],
        }},
    )  # fmt: skip
    if not answer["hits"]["hits"]:
        return True
    event = answer["hits"]["hits"][0]["_id"]
    return await told(who, note, "split", event, item["id"], into=to)
