"""Agent `alerts`: signals → one open alert per matter, and notifications."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from infra import metrics
from infra.alert_store import Stored
from response.alert import alert_id, on_signal
from response.routing import Contacts, Routing
from schemas import topics
from schemas.alert import Notification
from schemas.base import encode
from schemas.event import Signal, decode_signal
from streams.batch import Message
from streams.context import Context

Timed = tuple[Signal, datetime]


class Alerts:
    name = "alerts"

    def __init__(self, context: Context, routing: Routing, contacts: Contacts) -> None:
        self._context = context
        self._routing = routing
        self._contacts = contacts
        self._turn = asyncio.Lock()

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        # The time of a signal is when it was sent: a repeat after a crash decides the same.
        signals = [
            (decode_signal(m.value or b""), datetime.fromtimestamp(m.timestamp, UTC)) for m in batch
        ]
        return self._in_turn(signals)

    async def _in_turn(self, signals: list[Timed]) -> None:
        # Batches overlap; each has to see what the one before it raised, or both tell it.
        async with self._turn:
            await self._settle(signals)

    async def _settle(self, signals: list[Timed]) -> None:
        store = self._context.alerts
        while signals:
            held = await store.get(alert_id(signal.matter_id) for signal, _ in signals)
            changed, told = self._decide(held, signals)
            # Told first: a crash after it tells the same again, under the same ids.
            await tell(self._context, told)
            conflicts = set(await store.save(list(changed.values())))
            signals = [pair for pair in signals if alert_id(pair[0].matter_id) in conflicts]

    def _decide(
        self, held: dict[str, Stored], signals: Sequence[Timed]
    ) -> tuple[dict[str, Stored], list[Notification]]:
        changed: dict[str, Stored] = {}
        told: list[Notification] = []
        for signal, now in signals:
            key = alert_id(signal.matter_id)
            before = changed.get(key) or held.get(key)
            after, notifications, reason = on_signal(
                before.alert if before else None, signal, self._routing, self._contacts, now
            )
            metrics.ALERT_CHANGES.labels(reason).inc()
            told += notifications
            if after is not None and (before is None or after is not before.alert):
                changed[key] = replace(before, alert=after) if before else Stored(after)
        return changed, told


async def tell(context: Context, notifications: Sequence[Notification]) -> None:
    """Send notifications and wait until the broker has them."""
    topic = context.topic(topics.NOTIFICATIONS)
    for each in notifications:
        await context.producer.send_and_wait(topic, encode(each), key=each.recipient.encode())
        metrics.NOTIFICATIONS.labels(each.kind).inc()
