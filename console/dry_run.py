"""Severity rules over the stored history: what they would say today (D4). Changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from infra.pages import pages
from infra.settings import Settings
from models.casualties import harms
from models.severity import score
from models.severity_facts import facts_of
from models.severity_rules import Rules
from models.textpass import text_pass
from models.watch import Watches, load_file
from models.watch_severity import lifted
from schemas.opinion import Opinion
from schemas.registry import OPINIONS


@dataclass
class DryRun:
    items: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)


async def dry_run(
    settings: Settings, client: AsyncElasticsearch, since: datetime, rules: Rules,
    report: Callable[[str, int, int], None],
) -> DryRun:  # fmt: skip
    """All opinions published since `since`, scored by `rules`; those whose level changes."""
    index = settings.prefix + OPINIONS.alias
    asked = {"range": {"published_at": {"gte": since.isoformat()}}}
    total = (await client.count(index=index, query=asked))["count"]
    found = DryRun()
    watches = Watches(load_file(settings.config / "watch.yaml"))
    earliest = [{"published_at": "asc"}, {"_shard_doc": "asc"}]
    async for hits in pages(client, index, asked, earliest):
        page = [msgspec.convert(hit["_source"], Opinion, strict=False) for hit in hits]
        _compare(page, rules, watches, found)
        report("重新评分", found.items, total)
    return found


def _compare(page: list[Opinion], rules: Rules, watches: Watches, found: DryRun) -> None:
    texts = [f"{each.title}\n{each.text}" if each.title else each.text for each in page]
    facts = [facts_of(each, each, harm) for each, harm in zip(page, harms(texts), strict=True)]
    watched = watches.match(text_pass(texts))
    for opinion, scored, matched in zip(page, score(facts, texts, rules), watched, strict=True):
        now = lifted(scored, matched, rules.file.levels)
        if now.level != opinion.severity.level:
            found.changes.append({
                "id": opinion.id, "title": opinion.title or opinion.text[:40],
                "before": opinion.severity.level, "after": now.level, "score": now.score,
                "reasons": [msgspec.to_builtins(reason) for reason in now.reasons],
            })  # fmt: skip
    found.items += len(page)
