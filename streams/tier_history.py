"""What a rule about carriers would have told of the stored events.

An event keeps how many items of which tier it has, not when each came: the time told here
is when it was last added to, so the real one is not later.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from models.rule_file import TierChange
from models.rules import Fired
from models.signals import TIERS
from models.tier_rules import NAMES, concerns, crossed
from schemas.event import Event
from schemas.registry import EVENTS

PAGE = 1_000


async def dry_run(
    settings: Settings, client: AsyncElasticsearch, rule: TierChange, since: datetime
) -> list[Fired]:
    pit = (await client.open_point_in_time(
        index=settings.prefix + EVENTS.alias, keep_alive="5m"))["id"]  # fmt: skip
    told: list[Fired] = []
    after: dict[str, Any] = {}
    try:
        while True:
            answer = await client.search(
                pit={"id": pit, "keep_alive": "5m"}, size=PAGE, sort=["_shard_doc"],
                query={"range": {"last_at": {"gte": since.isoformat()}}}, **after,
            )  # fmt: skip
            if not (hits := answer["hits"]["hits"]):
                return told
            events = [msgspec.convert(hit["_source"], Event, strict=False) for hit in hits]
            told += [found for event in events if (found := _fired(rule, event))]
            after = {"search_after": hits[-1]["sort"]}
    finally:
        await client.close_point_in_time(id=pit)


def _fired(rule: TierChange, event: Event) -> Fired | None:
    tiers = sorted((t.label for t in event.tiers), key=TIERS.index)
    if len(tiers) < 2 or not concerns(rule.where, event):
        return None
    level = crossed(rule, tiers[0], tiers[-1])
    if level is None:
        return None
    why = f"{NAMES[tiers[0]]} → {NAMES[tiers[-1]]}媒体（不晚于此时）"
    return Fired(rule.id, level, event.title, why, event.items, event.last_at, event.id)
