"""Carries deliveries that are on record: each in a task of its own, as often as it takes.

A batch of notifications is settled once every delivery is on record; nobody waits
for a channel that hangs. What this process cannot finish, the next one finds due.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError
from msgspec.structs import replace

from infra import metrics
from infra.delivery_store import DeliveryStore, Held
from models.reloading import Reloading
from response.contacts import Channel
from response.delivery import INBOX, Result, attempted, backup, falls_back
from response.plan import Plan
from schemas.alert import Delivery, Notification, decode_notification
from schemas.base import content_id, encode
from streams.apprise_channel import AppriseChannel, service
from streams.context import Context
from streams.digests import digests
from streams.health import Health
from streams.webhook import send

log = structlog.get_logger("tingchao.courier")

AT_ONCE, AT_ONCE_EACH = 32, 4  # attempts under way, and of them to one address
MOST = 1_000  # deliveries in hand; the others wait on record
CLAIM = timedelta(seconds=45)  # how long a delivery is this process's alone
ATTEMPT = timedelta(seconds=22)  # longer than any attempt
TICK = 0.5  # seconds
SECONDS = aiohttp.ClientTimeout(total=10)


class Courier:
    def __init__(self, context: Context, plan: Reloading[Plan]) -> None:
        self.store = DeliveryStore(context.elasticsearch, context.settings)
        self._pause = context.settings.notify_retry_seconds
        self._plan = plan
        self._health = Health(context)
        self._apprise = AppriseChannel()
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand: set[str] = set()
        self._all = asyncio.Semaphore(AT_ONCE)
        self._each: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(AT_ONCE_EACH)
        )

    async def start(self) -> None:
        self._http = aiohttp.ClientSession(timeout=SECONDS)
        await self._health.load()
        self._loop = asyncio.create_task(self._run())

    async def stop(self, seconds: float = 5.0) -> None:
        """Attempts under way may end; what is left stands on record."""
        self._loop.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await self._http.close()
        self._apprise.close()

    def carry(self, held: Held) -> None:
        """Begin with it now; when too much is in hand it is found again when it is due."""
        key = held.delivery.id
        if len(self._tasks) < MOST and key not in self._in_hand:
            task = asyncio.create_task(self._carry(held))
            self._tasks.add(task)
            self._in_hand.add(key)
            task.add_done_callback(lambda done: self._done(done, key))

    def _done(self, task: asyncio.Task[None], key: str) -> None:
        self._tasks.discard(task)
        self._in_hand.discard(key)
        if not task.cancelled() and (error := task.exception()):
            # The delivery is on record and due again after its claim.
            log.error("an attempt broke", error=f"{type(error).__name__}: {error}"[:200])

    def record(self, notification: Notification, channel: Channel, now: datetime) -> Delivery:
        """What is to be delivered, as it stands on record before the first attempt."""
        inbox = channel.kind == "inbox"
        label = service(channel) if channel.kind == "apprise" else channel.kind
        return Delivery(
            id=content_id(notification.id, channel.kind, channel.address),
            notification_id=notification.id,
            alert_id=notification.alert_id,
            kind=notification.kind,
            recipient=notification.recipient,
            channel=label,
            address=channel.address,
            status="delivered" if inbox else "retrying",
            attempts=1 if inbox else 0,
            sent_at=now,
            next_at=None if inbox else now + CLAIM,
            subject=notification.subject,
            body=notification.body,
            message="" if inbox else encode(notification).decode(),
        )

    async def accept(self, deliveries: list[Delivery]) -> None:
        """Put on record, and begin with those that were not there yet."""
        for held in await self.store.create(deliveries):
            metrics.DELIVERIES.labels(held.delivery.channel, held.delivery.status).inc()
            if held.delivery.status == "retrying":
                self.carry(held)

    async def _carry(self, held: Held) -> None:
        async with self._each[held.delivery.address], self._all:
            mine = await self._claimed(held)
            if mine is None:
                return  # another worker has it
            delivery = mine.delivery
            notification = decode_notification(delivery.message.encode())
            channel = self._channel(delivery)
            if channel is None:
                result = Result("the channel is no longer configured", again=False)
            elif dead := self._health.refusal(channel, datetime.now(UTC)):
                result = Result(dead, again=False)
            else:
                try:
                    result = await self._attempt(channel, notification)
                except Exception as error:  # else it would be tried for ever, and nobody told
                    log.exception("an attempt broke", delivery=delivery.id)
                    result = Result(type(error).__name__)
                await self._health.observe(
                    channel, delivery.channel, delivery.recipient, result.error
                )
        after = attempted(delivery, result, datetime.now(UTC), self._pause)
        if falls_back(after, notification.level):
            await self._fall_back(notification, channel)
        if await self.store.update(mine, after) is None:
            return
        if after.status == "retrying":
            metrics.DELIVERY_RETRIES.labels(after.channel).inc()
        else:
            metrics.DELIVERIES.labels(after.channel, after.status).inc()

    async def _claimed(self, held: Held) -> Held | None:
        """Still ours for long enough; it may have waited for its turn."""
        now, until = datetime.now(UTC), held.delivery.next_at
        if until is not None and until - now > ATTEMPT:
            return held
        return await self.store.update(held, replace(held.delivery, next_at=now + CLAIM))

    async def _attempt(self, channel: Channel, notification: Notification) -> Result:
        if channel.kind == "apprise":
            return await self._apprise.send(channel, notification.subject, notification.body)
        secret = os.environ.get(channel.secret_env or "", "")
        if channel.secret_env and not secret:  # never unsigned where a signature is expected
            return Result(f"{channel.secret_env} is not set", again=False)
        body = encode(notification)
        return await send(self._http, channel.url or "", secret, notification.id, body)

    async def _fall_back(self, notification: Notification, failed: Channel | None) -> None:
        person = self._plan.current().contacts.person(notification.recipient)
        other = backup(person, failed) if failed else INBOX
        if other:
            await self.accept([self.record(notification, other, datetime.now(UTC))])

    def _channel(self, delivery: Delivery) -> Channel | None:
        person = self._plan.current().contacts.person(delivery.recipient)
        channels = person.channels if person else []
        return next((c for c in channels if c.address == delivery.address), None)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            try:
                await self._tick(datetime.now(UTC))
            except (ApiError, TransportError) as error:
                log.warning("deliveries wait for Elasticsearch", error=str(error)[:200])

    async def _tick(self, now: datetime) -> None:
        due = await self.store.due(now)
        for held in due:
            if held.delivery.id in self._in_hand or len(self._tasks) >= MOST:
                continue
            if held.delivery.status == "retrying":
                claimed = replace(held.delivery, next_at=now + CLAIM)
                if mine := await self.store.update(held, claimed):
                    self.carry(mine)
        for digest, members in digests([h for h in due if h.delivery.status == "held"], now):
            channel = self._channel(members[0].delivery) or INBOX
            await self.accept([self.record(digest, channel, now)])
            for held in members:
                told = replace(held.delivery, next_at=None, digest=digest.id, message="")
                await self.store.update(held, told)
