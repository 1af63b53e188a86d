"""What the first page shows: today's numbers, open alerts, what came in last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from infra.indices import write_name
from infra.settings import Settings
from schemas.alert import OPEN_STATUSES, Alert
from schemas.analysis import LEVEL_RANK
from schemas.registry import ALERTS, DEAD_LETTERS, OPINIONS, SOURCE_HEALTH
from schemas.source_health import SourceHealth

UNHEALTHY = ("silent", "broken", "layout")
STALE = timedelta(minutes=10)  # the scheduler writes every half a minute

GRAVEST: list[dict[str, str]] = [{"_score": "desc"}, {"opened_at": "desc"}]
MOST_ALERTS = 2_000  # more than that nobody can look at
LONG = ["evidence", "history", "steps", "reasons", "report", "matters"]  # in no list


@dataclass(frozen=True)
class Numbers:
    items: int
    duplicates: int
    negative: int
    dead_letters: int
    levels: dict[str, int]
    channels: dict[str, int]


async def numbers(
    client: AsyncElasticsearch, settings: Settings, since: datetime,
    scope: Sequence[dict[str, Any]] = (),
) -> Numbers:  # fmt: skip
    """Of what was taken in since `since`; `scope`: further filters (Actor.filters)."""
    answer = await client.search(
        index=settings.prefix + OPINIONS.alias,
        query={"bool": {"filter": [{"range": {"indexed_at": {"gte": since.isoformat()}}}, *scope]}},
        size=0,
        track_total_hits=True,
        aggs={
            "duplicates": {"filter": {"exists": {"field": "duplicate.of"}}},
            "negative": {"filter": {"term": {"attitude.label": "negative"}}},
            "levels": {"terms": {"field": "severity.level"}},
            "channels": {"terms": {"field": "channel"}},
        },
    )
    dead = await client.count(
        index=settings.prefix + DEAD_LETTERS.alias,
        query={"range": {"failed_at": {"gte": since.isoformat()}}},
    )
    found = answer["aggregations"]
    return Numbers(
        items=answer["hits"]["total"]["value"],
        duplicates=found["duplicates"]["doc_count"],
        negative=found["negative"]["doc_count"],
        dead_letters=dead["count"],
        levels=_counts(found["levels"]),
        channels=_counts(found["channels"]),
    )


def _counts(aggregation: dict[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in aggregation["buckets"]}


def by_level(query: dict[str, Any]) -> dict[str, Any]:
    """`query`, its _score the level, and half a level where nobody has answered.

    A rule's alert has a level and no score of its own.
    """
    graded = [
        {"constant_score": {"filter": {"term": {"level": level}}, "boost": rank}}
        for level, rank in LEVEL_RANK.items()
        if rank
    ]
    waits = {"constant_score": {"filter": {"term": {"status": "open"}}, "boost": 0.5}}
    return {"bool": {"filter": [query], "should": [*graded, waits]}}


async def open_alerts(
    client: AsyncElasticsearch, settings: Settings, limit: int = 20,
    scope: Sequence[dict[str, Any]] = (),
) -> tuple[int, list[Alert]]:  # fmt: skip
    """(how many, the gravest, those that wait and then the latest first); without LONG fields."""
    wanted = {"bool": {"filter": [{"terms": {"status": list(OPEN_STATUSES)}}, *scope]}}
    answer = await client.search(
        index=write_name(settings, ALERTS),
        query=by_level(wanted),
        size=min(limit, MOST_ALERTS),
        sort=GRAVEST,
        source_excludes=LONG,
        track_total_hits=True,
    )
    alerts = [
        msgspec.convert(hit["_source"], Alert, strict=False) for hit in answer["hits"]["hits"]
    ]
    return answer["hits"]["total"]["value"], alerts


@dataclass(frozen=True)
class Sources:
    """Only what somebody has to look at."""

    wrong: list[SourceHealth]
    stopped_at: datetime | None = None  # the scheduler has not been heard of since then


async def sources(client: AsyncElasticsearch, settings: Settings, now: datetime) -> Sources:
    answer = await client.search(
        index=write_name(settings, SOURCE_HEALTH), size=1_000, sort=[{"updated_at": "desc"}],
        ignore_unavailable=True,
    )  # fmt: skip
    found = [
        msgspec.convert(hit["_source"], SourceHealth, strict=False)
        for hit in answer["hits"]["hits"]
    ]
    if not found:
        return Sources([])
    last = found[0].updated_at
    # A record that stayed behind belongs to a source that is no longer there.
    wrong = [s for s in found if s.status in UNHEALTHY and last - s.updated_at < STALE]
    return Sources(
        sorted(wrong, key=lambda s: s.since or s.updated_at),
        last if now - last > STALE else None,
    )
