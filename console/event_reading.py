"""What the page of an event shows of its items: attitudes over time, views, the latest."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from elasticsearch import AsyncElasticsearch
from msgspec import Struct, convert

from infra.event_index import items_of
from models.views import Statement, View, views
from schemas.base import Time
from schemas.event import Event

SAID = ("forum", "weibo", "wechat", "blog", "letter", "call", "visit")  # by people
STATEMENTS = 400
SHORTEST = 6  # characters of a statement that says something
LATEST = 30
COLUMNS = 48


@dataclass(frozen=True)
class Attitudes:
    """Items by attitude in one stretch of time."""

    begins: datetime
    counts: dict[str, int]


class Latest(Struct, kw_only=True):
    id: str
    title: str
    text: str
    source: str
    publisher: str | None = None
    published_at: Time
    channel: str


@dataclass(frozen=True)
class EventItems:
    total: int
    attitudes: list[Attitudes]
    views: list[View]
    said: int  # statements that the views are of
    latest: list[Latest]


async def read_items(
    client: AsyncElasticsearch, index: str, event: Event, scope: Sequence[dict[str, Any]]
) -> EventItems:
    """`scope`: Actor.filters("departments.id")."""
    theirs = {"bool": {"filter": [items_of(event), *scope]}}
    whole, said = await asyncio.gather(
        client.search(
            index=index, query=theirs, size=LATEST, track_total_hits=True,
            sort=[{"published_at": "desc"}, {"id": "asc"}],
            source_includes=Latest.__struct_fields__,
            aggs={"over_time": {
                "date_histogram": {"field": "published_at", "time_zone": "+08:00",
                                   "fixed_interval": _interval(event)},
                "aggs": {"attitudes": {"terms": {"field": "attitude.label"}}},
            }},
        ),
        client.search(
            index=index, size=STATEMENTS,
            query={"bool": {"filter": [theirs, {"terms": {"channel": list(SAID)}}]}},
            sort=[{"published_at": "asc"}, {"id": "asc"}],
            source_includes=["id", "text", "title", "words", "attitude.label", "cluster_id"],
        ),
    )  # fmt: skip
    spoken = statements([hit["_source"] for hit in said["hits"]["hits"]])
    return EventItems(
        whole["hits"]["total"]["value"],
        [_attitudes(bucket) for bucket in whole["aggregations"]["over_time"]["buckets"]],
        await asyncio.to_thread(views, spoken), len(spoken),
        [convert(hit["_source"], Latest, strict=False) for hit in whole["hits"]["hits"]],
    )  # fmt: skip


def statements(found: Sequence[dict[str, Any]]) -> list[Statement]:
    """Each text once, with how often it was said; the shortest say nothing."""
    weights = Counter(it["cluster_id"] for it in found)
    firsts: dict[str, dict[str, Any]] = {}
    for it in found:
        firsts.setdefault(it["cluster_id"], it)
    return [
        Statement(it["id"], text, it.get("words", ""), it["attitude"]["label"], weights[key])
        for key, it in firsts.items()
        if len(text := it["text"] or it["title"]) >= SHORTEST
    ]


def _interval(event: Event) -> str:
    """Whole hours, so that the event has at most COLUMNS of them."""
    hours = (event.last_at - event.first_at) / timedelta(hours=1)
    return f"{max(1, ceil(hours / COLUMNS))}h"


def _attitudes(bucket: dict[str, Any]) -> Attitudes:
    counts = {each["key"]: each["doc_count"] for each in bucket["attitudes"]["buckets"]}
    return Attitudes(datetime.fromisoformat(bucket["key_as_string"]), counts)
