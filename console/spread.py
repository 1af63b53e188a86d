"""Spread of one text (B3): its copies, where they appeared, how fast, who led."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from schemas.opinion import Opinion

SHOWN = 300  # copies listed, the earliest first
_BY_HOUR = {"date_histogram": {"field": "published_at", "fixed_interval": "1h", "min_doc_count": 1}}


@dataclass(frozen=True)
class Spread:
    total: int
    items: list[Opinion]  # the first SHOWN in time
    channels: dict[str, int]
    sources: dict[str, int]
    tiers: dict[str, int]
    fastest_hour: int  # items of the busiest hour
    depth: int  # of the tree of reposts among the items shown
    leaders: list[Opinion]  # verified and institutional authors, the most followed first


async def spread(
    client: AsyncElasticsearch, index: str, cluster: str, scope: Sequence[dict[str, Any]] = ()
) -> Spread | None:
    """Of the cluster whose first thing is `cluster`; None when there is none within `scope`."""
    answer = await client.search(
        index=index,
        query={"bool": {"filter": [{"term": {"cluster_id": cluster}}, *scope]}},
        sort=[{"published_at": "asc"}],
        size=SHOWN,
        track_total_hits=True,
        source_excludes=["words", "models"],
        aggs={
            "channels": {"terms": {"field": "channel", "size": 20}},
            "sources": {"terms": {"field": "source", "size": 20}},
            "tiers": {"terms": {"field": "tier", "size": 10}},
            "hours": _BY_HOUR,
        },
    )
    hits, found = answer["hits"], answer["aggregations"]
    if not hits["hits"]:
        return None
    items = [msgspec.convert(hit["_source"], Opinion, strict=False) for hit in hits["hits"]]
    return Spread(
        total=hits["total"]["value"],
        items=items,
        channels=_counts(found["channels"]),
        sources=_counts(found["sources"]),
        tiers=_counts(found["tiers"]),
        fastest_hour=max(bucket["doc_count"] for bucket in found["hours"]["buckets"]),
        depth=depth(items),
        leaders=leaders(items),
    )


def depth(items: list[Opinion]) -> int:
    """Steps from the first item to the repost farthest from it; 0: nobody reposted."""
    parent = {item.origin_id: item.parent_id for item in items}
    known: dict[str, int] = {}
    for origin in parent:
        chain: list[str] = []
        at: str | None = origin
        while at is not None and at in parent and at not in known and at not in chain:
            chain.append(at)
            at = parent[at]
        below = known.get(at, -1) if at in known else (-1 if at is None else 0)
        for step in reversed(chain):
            below += 1
            known[step] = below
    return max(known.values(), default=0)


def leaders(items: list[Opinion], limit: int = 5) -> list[Opinion]:
    """Private persons are never listed: only verified and institutional accounts."""
    public = [item for item in items if item.author and item.author.kind != "person"]
    public.sort(key=lambda item: -((item.author and item.author.followers) or 0))
    return public[:limit]


def _counts(aggregation: dict[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in aggregation["buckets"]}
