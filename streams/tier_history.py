"""What a rule about carriers would have told of the stored events.

An event keeps how many items of which tier it has, not when each came: the time told here
is when it was last added to, so the real one is not later.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from elasticsearch import AsyncElasticsearch

from infra.pages import pages
from infra.settings import Settings
from models.rule_file import TierChange
from models.rules import Fired
from models.signals import TIERS
from models.tier_rules import NAMES, concerns, crossed
from schemas.event import Event
from schemas.registry import EVENTS


async def dry_run(
    settings: Settings, client: AsyncElasticsearch, rule: TierChange, since: datetime
) -> list[Fired]:
    told: list[Fired] = []
    query = {"range": {"last_at": {"gte": since.isoformat()}}}
    async for hits in pages(client, settings.prefix + EVENTS.alias, query):
        events = [msgspec.convert(hit["_source"], Event, strict=False) for hit in hits]
        told += [found for event in events if (found := _fired(rule, event))]
    return told


def _fired(rule: TierChange, event: Event) -> Fired | None:
    tiers = sorted((t.label for t in event.tiers), key=TIERS.index)
    if len(tiers) < 2 or not concerns(rule.where, event):
        return None
    level = crossed(rule, tiers[0], tiers[-1])
    if level is None:
        return None
    why = f"{NAMES[tiers[0]]} → {NAMES[tiers[-1]]}媒体（不晚于此时）"
    return Fired(rule.id, level, event.title, why, event.items, event.last_at, event.id)
