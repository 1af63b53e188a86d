"""All documents that match, as they were at the start, a page at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from elasticsearch import AsyncElasticsearch

PAGE = 1_000
KEEP = "10m"  # for a page, in case its reader is slow


async def pages(
    client: AsyncElasticsearch,
    index: str,
    query: dict[str, Any] | None = None,
    sort: Sequence[Any] = ("_shard_doc",),
    **options: Any,
) -> AsyncIterator[list[dict[str, Any]]]:
    """Hits of a point in time; `options` are those of a search (version, source_includes, …)."""
    pit = (await client.open_point_in_time(index=index, keep_alive=KEEP))["id"]
    after: dict[str, Any] = {}
    try:
        while True:
            answer = await client.search(
                pit={"id": pit, "keep_alive": KEEP}, query=query, size=PAGE, sort=list(sort),
                track_total_hits=False, **options, **after,
            )  # fmt: skip
            hits = answer["hits"]["hits"]
            if not hits:
                return
            yield hits
            pit, after = answer["pit_id"], {"search_after": hits[-1]["sort"]}
    finally:
        await client.close_point_in_time(id=pit)
