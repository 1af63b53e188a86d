"""A watch topic over the stored history, by the matcher that reads the stream (D5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from elasticsearch import AsyncElasticsearch

from infra.pages import pages
from infra.settings import Settings
from models.textpass import text_pass
from models.watch import Watch, Watches
from schemas.registry import OPINIONS


@dataclass
class Tried:
    items: int = 0
    hits: list[dict[str, Any]] = field(default_factory=list)  # the latest first


async def try_watch(
    settings: Settings, client: AsyncElasticsearch, watch: Watch, since: datetime,
    report: Callable[[str, int, int], None], scope: Sequence[dict[str, Any]] = (),
) -> Tried:  # fmt: skip
    """All opinions published since `since` that the watch matches; `scope`: further filters."""
    index, found, watches = settings.prefix + OPINIONS.alias, Tried(), Watches([watch])
    published = {"range": {"published_at": {"gte": since.isoformat()}}}
    query = {"bool": {"filter": [published, *scope]}}
    of = (await client.count(index=index, query=query))["count"]
    latest = [{"published_at": "desc"}, {"_shard_doc": "asc"}]
    wanted = ["title", "text", "published_at"]
    async for hits in pages(client, index, query, latest, source_includes=wanted):
        _look(watches, hits, found)
        report("核对", found.items, of)
    return found


def _look(watches: Watches, hits: list[dict[str, Any]], found: Tried) -> None:
    sources = [hit["_source"] for hit in hits]
    whole = [f"{s['title']}\n{s['text']}" if s["title"] else s["text"] for s in sources]
    for hit, matched in zip(hits, watches.match(text_pass(whole)), strict=True):
        if matched:
            source = hit["_source"]
            title = source["title"] or source["text"][:40]
            found.hits.append(
                {"id": hit["_id"], "published_at": source["published_at"], "title": title}
            )
    found.items += len(hits)
