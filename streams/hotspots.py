"""Sources and topics that burst, and words that rise: from the opinions to `hotspots`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from infra import bulk
from infra.bulk import Document
from infra.indices import write_name
from models.bursts import PAST_DAYS, Burst, burst, off_days
from models.rising import rising
from schemas.base import content_id, encode
from schemas.registry import HOTSPOTS
from schemas.trend import HotKind, Hotspot
from streams import counting
from streams.context import Context
from streams.reloading import alert_plan

log = structlog.get_logger("tingchao.hotspots")

EVERY = timedelta(seconds=60)
RECENT = timedelta(hours=72)  # counted each time; what is older once in REREAD
REREAD = timedelta(hours=6)
MOST = 50  # hotspots of a kind at a time
SINGLE = 0.8  # share of one source in the burst of a topic: labelled
FIELDS: dict[HotKind, str] = {"source": "source", "topic": "topics.label"}


class Hotspots:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._plan = alert_plan(context.settings.config)
        self._next_at: datetime | None = None
        self._counts: dict[str, counting.Counts] = {}
        self._read_at: datetime | None = None
        self._version = 0

    async def tick(self, now: datetime) -> list[Hotspot]:
        """What stands out at `now`, written; nothing within EVERY of the last time."""
        if self._next_at is not None and now < self._next_at <= now + EVERY:
            return []
        self._next_at = now + EVERY
        await self._count(now)
        found = [*self._bursts(now), *await self._words(now)]
        for each in found:
            if each.kind == "topic":
                await self._driver(each)
        self._version = max(self._version + 1, int(now.timestamp() * 1000))
        settings = self._context.settings
        documents = [
            Document(write_name(settings, HOTSPOTS, each.began), each.id, encode(each),
                     self._version)
            for each in found
        ]  # fmt: skip
        for refused in await bulk.write(self._context.elasticsearch, documents):
            log.error("hotspot refused", id=refused.document.id, reason=refused.reason)
        return found

    async def _count(self, now: datetime) -> None:
        """Items by hour: of the whole past once in a while, then of the last days only."""
        since = now - RECENT
        if self._read_at is None or not timedelta(0) <= now - self._read_at < REREAD:
            since, self._read_at, self._counts = now - timedelta(days=PAST_DAYS), now, {}
        wanted = [(name, "published_at") for name in FIELDS.values()] + [("source", "fetched_at")]
        for name, when in wanted:
            known = self._counts.setdefault(f"{name} {when}", {})
            counting.renew(known, await counting.by_hour(self._context, name, when, since, now),
                           since, now - timedelta(days=PAST_DAYS))  # fmt: skip

    def _bursts(self, now: datetime) -> list[Hotspot]:
        hour = int(now.timestamp() // 3600)
        calendar = self._plan.current().duty.calendar
        off = off_days(lambda day: calendar.day_off(day) is None, hour)
        found = []
        for kind, name in FIELDS.items():
            arrived = self._counts["source fetched_at"] if kind == "source" else {}
            hot = [
                (key, seen)
                for key, counts in self._counts[f"{name} published_at"].items()
                if (seen := burst(counts, arrived.get(key, {}), hour, off))
            ]
            hot.sort(key=lambda pair: (-pair[1].score, pair[0]))
            found += [_hotspot(kind, key, seen, now) for key, seen in hot[:MOST]]
        return found

    async def _words(self, now: datetime) -> list[Hotspot]:
        told = await counting.words(self._context, now)
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return [
            Hotspot(
                id=content_id("hotspot", "word", word.word, day.isoformat()), kind="word",
                key=word.word, at=now, began=now - counting.WINDOW, observed=word.documents,
                expected=word.expected, score=word.score,
            )
            for word in rising(told.words, told.now, told.before)
        ]  # fmt: skip

    async def _driver(self, found: Hotspot) -> None:
        """Which source brought the most of a topic's burst."""
        source, share = await counting.driver(self._context, found.key, found.began)
        found.driver, found.driver_share = source, round(share, 3)
        if share >= SINGLE:
            found.labels.append("single_source")


def _hotspot(kind: HotKind, key: str, seen: Burst, now: datetime) -> Hotspot:
    began = datetime.fromtimestamp(seen.hour * 3600, UTC)
    return Hotspot(
        id=content_id("hotspot", kind, key, began.isoformat()), kind=kind, key=key, at=now,
        began=began, observed=seen.observed, expected=seen.expected, score=seen.score,
        labels=list(seen.labels),
    )  # fmt: skip
