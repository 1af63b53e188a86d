"""Agent `events`: opinions → events (index) and signals (topic).

The live events are kept in memory. A batch that does not follow on what this
worker has seen (a start, a partition taken over) first has them rebuilt from the
topic, so a restart changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from aiokafka import TopicPartition

from infra import bulk, clients, metrics
from infra.bulk import Document
from infra.event_decisions import decided
from infra.indices import write_name
from models.early_signs import EarlyJudge
from models.event_decisions import decide
from models.event_groups import EventGroups
from models.event_index import warm
from models.event_record import record
from models.event_state import LiveEvent
from models.reloading import Reloading
from models.rule_file import RuleFile, TierChange
from models.severity_rules import Rules
from models.signals import EventScorer, signals_of
from models.tier_rules import risen, tier_signal
from schemas import topics
from schemas.base import encode
from schemas.event import Signal
from schemas.opinion import decode_batch
from schemas.registry import EVENTS
from schemas.trace import headers
from streams.batch import Message, message
from streams.context import Context, Sent

log = structlog.get_logger("tingchao.events")

WINDOW = timedelta(days=7)  # how far back a rebuild reads, and how long an idle event lives


class Events:
    name = "events"

    def __init__(
        self, context: Context, scorer: EventScorer, rules: Reloading[Rules],
        tiers: Reloading[RuleFile], judge: EarlyJudge,
    ) -> None:  # fmt: skip
        self._context = context
        self._rules = rules
        self._tiers = tiers
        self._scorer = scorer
        self._judge = judge
        self._groups = EventGroups(scorer, judge)
        self._next = -1  # offset that would follow on what the events are made of

    async def start(self) -> None:
        await asyncio.to_thread(warm)

    async def stop(self) -> None: ...

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        self._scorer.use(self._rules.current())
        first = batch[0]
        if self._next < 0 or first.offset > self._next:
            await self._rebuild(first)
        changed: dict[str, LiveEvent] = {}
        for each in batch:
            changed |= {event.id: event for event in self._apply(each)}
        last = batch[-1]
        now = datetime.fromtimestamp(last.timestamp, UTC)
        signals = [found for event in changed.values() for found in self._signals(event, now)]
        version = int(last.timestamp * 1000) * 1000 + last.offset % 1000
        documents = [
            Document(
                write_name(self._context.settings, EVENTS), event.id, encode(record(event, now)),
                version,
            )
            for event in changed.values()
            if event.items > 1 or event.level != "none" or event.history or event.signs
        ]  # fmt: skip
        metrics.LIVE_EVENTS.set(len(self._groups.grouper))
        return self._settle(documents, signals)

    def _apply(self, taken: Message) -> list[LiveEvent]:
        now = datetime.fromtimestamp(taken.timestamp, UTC)
        changed = self._groups.apply(decode_batch(taken.value or b""), now, WINDOW)
        self._next = taken.offset + 1
        return changed

    def _signals(self, event: LiveEvent, now: datetime) -> list[Signal]:
        found = signals_of(event, now)
        if rise := risen(event):
            tiers = [r for r in self._tiers.current().rules if isinstance(r, TierChange)]
            if told := tier_signal(event, rise, tiers, now):
                found.append(told)
        return found

    async def _settle(self, documents: list[Document], signals: list[Signal]) -> None:
        refused = await bulk.write(self._context.elasticsearch, documents)
        if refused:
            raise RuntimeError(f"event {refused[0].document.id} refused: {refused[0].reason}")
        items = [each.event.samples[0].id if each.event.samples else "" for each in signals]
        await self._context.send(topics.SIGNALS, (
            Sent(encode(each), each.matter_id.encode(), headers(item))
            for each, item in zip(signals, items, strict=True)
        ))  # fmt: skip
        for each, item in zip(signals, items, strict=True):
            log.info("signal", item=item, matter=each.matter_id, kind=each.kind,
                     level=each.event.level)  # fmt: skip
            metrics.SIGNALS.labels(each.event.level).inc()

    async def _rebuild(self, upto: Message) -> None:
        """Read the window before `upto` again, in silence: it has been told already."""
        self._groups = EventGroups(self._scorer, self._judge)
        since = upto.timestamp - WINDOW.total_seconds()
        for decision in await decided(self._context.settings, self._context.endpoints):
            if decision.at.timestamp() < since:
                decide(self._groups.grouper, decision, decision.at)
        consumer = clients.consumer(self._context.settings, self._context.endpoints)
        await consumer.start()
        try:
            partition = TopicPartition(upto.topic, upto.partition)
            consumer.assign([partition])
            start = max(0, int(since * 1000))
            place = (await consumer.offsets_for_times({partition: start}))[partition]
            if place is None or place.offset >= upto.offset:
                return
            consumer.seek(partition, place.offset)
            while await consumer.position(partition) < upto.offset:
                found = await consumer.getmany(timeout_ms=1_000)
                for each in found.get(partition, ()):
                    if each.offset < upto.offset:
                        told = message(each, each.timestamp / 1000)
                        now = datetime.fromtimestamp(told.timestamp, UTC)
                        for event in self._apply(told):
                            self._signals(event, now)
        finally:
            await consumer.stop()
