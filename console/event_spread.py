"""The spread path of an event, from the stored items of its strongest samples' threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from models.spread_path import Path, path
from schemas.event import Event
from schemas.opinion import Opinion

MOST = 1_000  # items, the earliest


async def spread_path(
    client: AsyncElasticsearch, index: str, event: Event, scope: Sequence[dict[str, Any]] = ()
) -> Path | None:
    """None where the items are not there; `scope`: whose items (Actor.filters)."""
    ids = {"ids": {"values": [s.id for s in event.samples]}}
    samples = await _find(client, index, [ids, *scope], 20)
    roots = sorted({item.root_id or item.origin_id for item in samples})
    clusters = sorted({item.cluster_id for item in samples})
    if not roots:
        return None
    threads = [{"terms": {"root_id": roots}}, {"terms": {"origin_id": roots}},
               {"terms": {"cluster_id": clusters}}]  # fmt: skip
    items = await _find(client, index, [{"bool": {"should": threads}}, *scope], MOST)
    return path(items) if len(items) > 1 else None


async def _find(
    client: AsyncElasticsearch, index: str, filters: list[dict[str, Any]], size: int
) -> list[Opinion]:
    answer = await client.search(
        index=index, query={"bool": {"filter": filters}}, size=size,
        sort=[{"published_at": "asc"}], source_excludes=["text", "words", "models"],
    )  # fmt: skip
    hits = answer["hits"]["hits"]
    return [msgspec.convert(hit["_source"], Opinion, strict=False) for hit in hits]
