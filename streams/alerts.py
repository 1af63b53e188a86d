"""Agent `alerts`: signals → one open alert per matter, and notifications."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from infra import bulk, metrics
from infra.alert_store import Stored
from infra.bulk import Document
from infra.indices import write_name
from models.reloading import Reloading
from response.alert import alert_id, on_signal
from response.plan import Plan
from schemas import topics
from schemas.alert import Alert, Notification
from schemas.base import encode
from schemas.event import Signal, decode_signal
from schemas.registry import REPORTS
from schemas.trace import headers, item_of
from streams.batch import Message
from streams.context import Context, Sent

log = structlog.get_logger("tingchao.alerts")

Timed = tuple[Signal, datetime]


class Alerts:
    name = "alerts"

    def __init__(self, context: Context, plan: Reloading[Plan]) -> None:
        self._context = context
        self._plan = plan
        self._turn = asyncio.Lock()

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        # The time of a signal is when it was sent: a repeat after a crash decides the same.
        signals = [
            (decode_signal(m.value or b""), datetime.fromtimestamp(m.timestamp, UTC)) for m in batch
        ]
        items = {alert_id(s.matter_id): item_of(m.headers)
                 for (s, _), m in zip(signals, batch, strict=True)}  # fmt: skip
        return self._in_turn(signals, items)

    async def _in_turn(self, signals: list[Timed], items: dict[str, str]) -> None:
        # Batches overlap; each has to see what the one before it raised, or both tell it.
        async with self._turn:
            await self._settle(signals, items)

    async def _settle(self, signals: list[Timed], items: dict[str, str]) -> None:
        store = self._context.alerts
        while signals:
            own = {alert_id(signal.matter_id) for signal, _ in signals}
            # A matter that was merged speaks through the alert that it was merged into.
            ways = await store.follow(own)
            held = await store.get(own | set(ways.values()))
            changed, told = self._decide(held, ways, signals)
            # Told first: a crash after it tells the same again, under the same ids.
            await tell(self._context, told, items)
            await file_reports(self._context, [stored.alert for stored in changed.values()])
            conflicts = set(await store.save(list(changed.values())))
            signals = [pair for pair in signals if _key(pair[0], ways) in conflicts]

    def _decide(
        self, held: dict[str, Stored], ways: dict[str, str], signals: Sequence[Timed]
    ) -> tuple[dict[str, Stored], list[Notification]]:
        changed: dict[str, Stored] = {}
        told: list[Notification] = []
        plan = self._plan.current()
        for signal, now in signals:
            key = _key(signal, ways)
            before = changed.get(key) or held.get(key)
            after, notifications, reason = on_signal(
                before.alert if before else None, signal, plan.routing, plan.contacts, now,
                plan.duty,
            )  # fmt: skip
            metrics.ALERT_CHANGES.labels(reason).inc()
            told += notifications
            if after is not None and (before is None or after is not before.alert):
                changed[key] = replace(before, alert=after) if before else Stored(after)
        return changed, told


def _key(signal: Signal, ways: dict[str, str]) -> str:
    key = alert_id(signal.matter_id)
    return ways.get(key, key)


async def file_reports(context: Context, alerts: Sequence[Alert]) -> None:
    """The last report of each alert, once: its id comes from the alert and its number."""
    index = write_name(context.settings, REPORTS)
    documents = [
        Document(index, alert.report.id, encode(alert.report)) for alert in alerts if alert.report
    ]
    for refused in await bulk.write(context.elasticsearch, documents):
        raise RuntimeError(f"report {refused.document.id} not stored: {refused.reason}")


async def tell(
    context: Context, notifications: Sequence[Notification], items: Mapping[str, str]
) -> None:
    """Send notifications and wait until the broker has them; `items`: alert -> item's id."""
    await context.send(topics.NOTIFICATIONS, (
        Sent(encode(each), each.recipient.encode(), headers(items.get(each.alert_id, "")))
        for each in notifications
    ))  # fmt: skip
    for each in notifications:
        log.info("told", item=items.get(each.alert_id, ""), alert=each.alert_id, kind=each.kind,
                 level=each.level, recipient=each.recipient, notification=each.id)  # fmt: skip
        metrics.NOTIFICATIONS.labels(each.kind).inc()
