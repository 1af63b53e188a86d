"""Severity rules over the stored history: what they would say today (D4). Changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from infra import clients
from infra.settings import Settings
from infra.stack import stack
from models.casualties import harms
from models.severity import score
from models.severity_facts import facts_of
from models.severity_rules import Rules
from schemas.opinion import Opinion
from schemas.registry import OPINIONS

PAGE = 1_000


@dataclass
class DryRun:
    items: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)


async def dry_run(
    settings: Settings, since: datetime, rules: Rules, report: Callable[[str, int, int], None]
) -> DryRun:
    """All opinions published since `since`, scored by `rules`; those whose level changes."""
    client = clients.elasticsearch(settings, stack(settings).endpoints())
    index = settings.prefix + OPINIONS.alias
    asked = {"range": {"published_at": {"gte": since.isoformat()}}}
    try:
        total = (await client.count(index=index, query=asked))["count"]
        found = DryRun()
        async for page in _pages(client, index, asked):
            _compare(page, rules, found)
            report("重新评分", found.items, total)
        return found
    finally:
        await client.close()


async def _pages(
    client: AsyncElasticsearch, index: str, query: dict[str, Any]
) -> AsyncIterator[list[Opinion]]:
    """All that match, as they were at the start, a page at a time."""
    pit = (await client.open_point_in_time(index=index, keep_alive="5m"))["id"]
    try:
        after = None
        while True:
            answer = await client.search(
                pit={"id": pit, "keep_alive": "5m"}, query=query, size=PAGE, search_after=after,
                sort=[{"published_at": "asc"}, {"_shard_doc": "asc"}], track_total_hits=False,
            )  # fmt: skip
            hits = answer["hits"]["hits"]
            if not hits:
                return
            after = hits[-1]["sort"]
            yield [msgspec.convert(hit["_source"], Opinion, strict=False) for hit in hits]
    finally:
        await client.close_point_in_time(id=pit)


def _compare(page: list[Opinion], rules: Rules, found: DryRun) -> None:
    texts = [f"{each.title}\n{each.text}" if each.title else each.text for each in page]
    facts = [facts_of(each, each, harm) for each, harm in zip(page, harms(texts), strict=True)]
    for opinion, now in zip(page, score(facts, texts, rules), strict=True):
        if now.level != opinion.severity.level:
            found.changes.append({
                "id": opinion.id, "title": opinion.title or opinion.text[:40],
                "before": opinion.severity.level, "after": now.level, "score": now.score,
                "reasons": [msgspec.to_builtins(reason) for reason in now.reasons],
            })  # fmt: skip
    found.items += len(page)
