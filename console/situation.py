"""How things stand now, for the first page and for the API: each sees what they may see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from elasticsearch import AsyncElasticsearch

from console import overview
from console.actor import Actor
from console.alert_listing import Asked, list_alerts, next_due
from console.hotspots import HotEvent, hot_events, hotspots
from console.overview import Numbers, Sources
from console.usual import Usual, UsualReader
from infra.settings import Settings
from response.durations import CHINA
from schemas.alert import Alert
from schemas.registry import OPINIONS
from schemas.trend import Hotspot

ALERTS, SPOTS = 10, 40
COMPARED = 3  # days from which there is a usual


@dataclass(frozen=True)
class Situation:
    """`open`, `mine`: how many alerts wait, and how many of them for the asker. `alerts`, the
    gravest, and `next_due` without their long fields."""

    numbers: Numbers
    usual: Usual
    sources: Sources
    open: int
    mine: int
    alerts: list[Alert]
    next_due: Sequence[Alert]
    events: list[HotEvent]
    hotspots: list[Hotspot]


class SituationReader:
    def __init__(self, client: AsyncElasticsearch, settings: Settings) -> None:
        self._client, self._settings = client, settings
        self._usual = UsualReader(client, settings.prefix + OPINIONS.alias)

    async def read(self, actor: Actor, now: datetime) -> Situation:
        client, settings, scope = self._client, self._settings, actor.filters("departments.id")
        today = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        alerting = asyncio.gather(
            list_alerts(client, settings, actor, Asked(), ALERTS),
            list_alerts(client, settings, actor, Asked(mine=True), 0),
            next_due(client, settings, actor),
        )
        counted = asyncio.gather(
            overview.numbers(client, settings, today, scope),
            self._usual.read(today, now, scope),
            overview.sources(client, settings, now),
        )
        listed = asyncio.gather(
            hot_events(client, settings, actor=actor), hotspots(client, settings, now, SPOTS)
        )
        (
            ((total, alerts), (mine, _), due),
            (numbers, usual, sources),
            (events, spots),
        ) = await asyncio.gather(alerting, counted, listed)
        return Situation(
            numbers, usual, sources, total, mine, alerts, due, events,
            # Of sources, topics and words of the whole body: not one department's.
            [] if actor.departments else spots,
        )  # fmt: skip
