"""What stands out now: bursts of sources and topics, rising words, the hottest events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from elasticsearch import AsyncElasticsearch

from console.actor import EVERYTHING, Actor
from infra.indices import write_name
from infra.settings import Settings
from schemas.event import Event
from schemas.registry import EVENTS, HOTSPOTS, TRENDS
from schemas.trend import Hotspot, Trend

CURRENT = timedelta(minutes=30)  # the timer tells what still stands out every minute
MOST = 300
LOOKED_AT = 500  # events, to find those of some departments among them


@dataclass(frozen=True)
class HotEvent:
    event: Event
    trend: Trend | None


async def hotspots(
    client: AsyncElasticsearch, settings: Settings, now: datetime, limit: int = 20, kind: str = ""
) -> list[Hotspot]:
    """The strongest first, each source, topic and word once."""
    since = {"range": {"at": {"gte": (now - CURRENT).isoformat()}}}
    wanted = [{"term": {"kind": kind}}] if kind else []
    answer = await client.search(
        index=settings.prefix + HOTSPOTS.alias, query={"bool": {"filter": [since, *wanted]}},
        sort=[{"at": "desc"}, {"score": "desc"}], size=MOST,
    )  # fmt: skip
    found: dict[tuple[str, str], Hotspot] = {}
    for hit in answer["hits"]["hits"]:
        each = msgspec.convert(hit["_source"], Hotspot, strict=False)
        found.setdefault((each.kind, each.key), each)
    return sorted(found.values(), key=lambda each: -each.score)[:limit]


async def hot_events(
    client: AsyncElasticsearch, settings: Settings, limit: int = 8, actor: Actor = EVERYTHING
) -> list[HotEvent]:
    """The hottest first; as long as no timer has told, the most lately grown."""
    looked_at = limit if not actor.departments else LOOKED_AT
    answer = await client.search(
        index=write_name(settings, TRENDS),
        query={"bool": {"filter": [
            {"range": {"items": {"gt": 1}}}, {"range": {"heat": {"gt": 0}}},
        ]}},
        sort=[{"heat": "desc"}, {"last_at": "desc"}], size=looked_at,
    )  # fmt: skip
    trends = [
        msgspec.convert(hit["_source"], Trend, strict=False) for hit in answer["hits"]["hits"]
    ]
    if trends:
        docs = await client.mget(
            index=write_name(settings, EVENTS), ids=[trend.id for trend in trends]
        )
        events = {
            doc["_id"]: msgspec.convert(doc["_source"], Event, strict=False)
            for doc in docs["docs"]
            if doc.get("found")
        }
        hot = [HotEvent(events[trend.id], trend) for trend in trends if trend.id in events]
        return [each for each in hot if actor.sees(each.event.departments)][:limit]
    answer = await client.search(
        index=write_name(settings, EVENTS), query={
            "bool": {"filter": [{"range": {"items": {"gt": 1}}}, *actor.filters()]}
        },
        sort=[{"last_at": "desc"}], size=limit,
    )  # fmt: skip
    hits = answer["hits"]["hits"]
    return [HotEvent(msgspec.convert(hit["_source"], Event, strict=False), None) for hit in hits]
