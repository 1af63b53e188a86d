"""What the first page shows: today's numbers beside the usual ones, and sources that are ill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from console.usual import hours_of, per_hour
from infra.indices import write_name
from infra.settings import Settings
from schemas.registry import DEAD_LETTERS, OPINIONS, SOURCE_HEALTH
from schemas.source_health import SourceHealth

UNHEALTHY = ("silent", "broken", "layout")
STALE = timedelta(minutes=10)  # the scheduler writes every half a minute


@dataclass(frozen=True)
class Numbers:
    items: int
    duplicates: int
    negative: int
    dead_letters: int
    levels: dict[str, int]
    channels: dict[str, int]
    by_hour: list[int]  # items, of the day


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
            "hours": per_hour(),
            "levels": {"terms": {"field": "severity.level"}},
            "channels": {"terms": {"field": "channel"}},
        },
    )
    dead = await client.count(
        index=settings.prefix + DEAD_LETTERS.alias,
        query={"range": {"failed_at": {"gte": since.isoformat()}}},
    )
    found = answer["aggregations"]
    # A day has 24 hours; of what came in at its end while we asked, the next day tells.
    hours = next(iter(hours_of(found["hours"]["buckets"]).values()), [])
    return Numbers(
        items=answer["hits"]["total"]["value"],
        duplicates=sum(hour["duplicates"] for hour in hours),
        negative=sum(hour["negative"] for hour in hours),
        dead_letters=dead["count"],
        levels=_counts(found["levels"]),
        channels=_counts(found["channels"]),
        by_hour=[hour["items"] for hour in hours],
    )


def _counts(aggregation: dict[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in aggregation["buckets"]}


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
