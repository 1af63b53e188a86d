"""Events as a list: found by words, narrowed, in the order that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from console.actor import Actor
from console.hotspots import HotEvent
from console.similar import find_trends
from infra.indices import write_name
from infra.settings import Settings
from models.words import Cutter
from schemas.analysis import LEVELS
from schemas.event import Event
from schemas.registry import EVENTS, TRENDS

PAGE = 30
HOTTEST = 1_000  # events that the order by heat knows
ORDERS: dict[str, tuple[str, list[dict[str, str]]]] = {
    "heat": ("热度", []),
    "level": ("级别", [{"score": "desc"}, {"last_at": "desc"}]),
    "last": ("最近", [{"last_at": "desc"}]),
    "new": ("新出现", [{"first_at": "desc"}]),
    "size": ("条数", [{"items": "desc"}, {"last_at": "desc"}]),
}
# Long fields that no list shows.
_LEFT = ["things", "parted", "hours", "samples", "denials", "reasons", "history", "words"]


@dataclass(frozen=True)
class Asked:
    text: str = ""
    level: str = ""
    phase: str = ""
    sort: str = "heat"
    single: bool = False  # those of one item, too
    page: int = 1


@dataclass(frozen=True)
class Listed:
    total: int
    events: list[HotEvent]


def query(asked: Asked, actor: Actor, cutter: Cutter) -> dict[str, Any]:
    """What part of another event is in no list."""
    narrowed: list[dict[str, Any]] = actor.filters()
    if not asked.single:
        narrowed.append({"range": {"items": {"gt": 1}}})
    if asked.level in LEVELS:
        narrowed.append({"term": {"level": asked.level}})
    if asked.phase:
        narrowed.append({"term": {"phase": asked.phase}})
    found: dict[str, Any] = {
        "filter": narrowed, "must_not": [{"exists": {"field": "merged_into"}}],
    }  # fmt: skip
    if text := asked.text.strip():
        found["must"] = [worded(text, cutter)]
    return {"bool": found}


def worded(text: str, cutter: Cutter) -> dict[str, Any]:
    """Events that are called so, or that have all its words."""
    words = cutter.cut_batch([text])[0].split()
    wordwise: list[dict[str, Any]] = [{"term": {"words": word}} for word in words]
    return {"bool": {"should": [
        {"match_phrase": {"title": text}},
        {"match": {"title": {"query": text, "minimum_should_match": "80%"}}},
        *([{"bool": {"must": wordwise}}] if wordwise else []),
    ]}}  # fmt: skip


async def list_events(
    client: AsyncElasticsearch, settings: Settings, asked: Asked, actor: Actor, cutter: Cutter
) -> Listed:
    wanted, sort = await ordered(client, settings, query(asked, actor, cutter), asked.sort)
    answer = await client.search(
        index=write_name(settings, EVENTS), query=wanted, size=PAGE, from_=(asked.page - 1) * PAGE,
        track_total_hits=True, sort=sort, source_excludes=_LEFT,
    )  # fmt: skip
    hits = answer["hits"]["hits"]
    events = [msgspec.convert(hit["_source"], Event, strict=False) for hit in hits]
    trends = await find_trends(client, settings, [event.id for event in events])
    return Listed(
        answer["hits"]["total"]["value"], [HotEvent(each, trends.get(each.id)) for each in events]
    )


async def ordered(
    client: AsyncElasticsearch, settings: Settings, wanted: dict[str, Any], sort: str
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """(query, sort) of `wanted` in one of ORDERS."""
    by = ORDERS[sort][1]
    if sort == "heat":
        # The heat is in another index: its ranks become scores, the rest follows by time.
        ranked = [
            {"constant_score": {"filter": {"ids": {"values": part}}, "boost": boost}}
            for boost, part in await _hottest(client, settings)
        ]
        wanted = {"bool": {"filter": [wanted], "should": ranked}}
        by = [{"_score": "desc"}, {"last_at": "desc"}]
    return wanted, [*by, {"id": "asc"}]


async def _hottest(client: AsyncElasticsearch, settings: Settings) -> list[tuple[float, list[str]]]:
    """(boost, ids) of one heat each, rounded; the hottest first."""
    answer = await client.search(
        index=write_name(settings, TRENDS), query={"range": {"heat": {"gt": 0}}}, size=HOTTEST,
        sort=[{"heat": "desc"}], source_includes=["id", "heat"], ignore_unavailable=True,
    )  # fmt: skip
    by_heat: dict[float, list[str]] = {}
    for hit in answer["hits"]["hits"]:
        by_heat.setdefault(max(round(hit["_source"]["heat"], 1), 0.1), []).append(hit["_id"])
    return list(by_heat.items())
