"""Agent `notify`: notifications → the recipient's channels, with a receipt for each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime

import aiohttp

from infra import bulk, metrics
from infra.bulk import Document
from infra.indices import write_name
from infra.patience import patiently
from response.routing import Contact, Contacts
from schemas.alert import Delivery, Notification, decode_notification
from schemas.base import content_id, encode
from schemas.registry import DELIVERIES
from streams.batch import Message
from streams.context import Context
from streams.webhook import send

INBOX = Contact.Channel(kind="inbox")


class Notify:
    name = "notify"

    def __init__(self, context: Context, contacts: Contacts) -> None:
        self._context = context
        self._contacts = contacts
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))

    async def stop(self) -> None:
        if self._http:
            await self._http.close()

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        return self._settle([decode_notification(message.value or b"") for message in batch])

    async def _settle(self, notifications: Sequence[Notification]) -> None:
        wanted = {
            content_id(each.id, channel.kind, channel.url or ""): (each, channel)
            for each in notifications
            for channel in self._channels(each)
        }
        done = await self._delivered(list(wanted), notifications)
        left = {key: pair for key, pair in wanted.items() if key not in done}
        inbox = [key for key, (_, channel) in left.items() if channel.kind == "inbox"]
        # The inbox is there at once; a channel that hangs is waited for on its own.
        await asyncio.gather(
            self._receipts([await self._deliver(key, *left[key]) for key in inbox]),
            *(self._send(key, *pair) for key, pair in left.items() if key not in inbox),
        )

    async def _send(self, key: str, notification: Notification, channel: Contact.Channel) -> None:
        await self._receipts([await self._deliver(key, notification, channel)])

    async def _receipts(self, deliveries: Sequence[Delivery]) -> None:
        await bulk.write(
            self._context.elasticsearch,
            [Document(self._index(d.sent_at), d.id, encode(d)) for d in deliveries],
        )
        for delivery in deliveries:
            metrics.DELIVERIES.labels(delivery.channel, delivery.status).inc()

    def _channels(self, notification: Notification) -> list[Contact.Channel]:
        person = self._contacts.person(notification.recipient)
        return person.channels if person else [INBOX]

    def _index(self, when: datetime) -> str:
        return write_name(self._context.settings, DELIVERIES, when)

    async def _delivered(self, ids: list[str], notifications: Sequence[Notification]) -> set[str]:
        """Those with a receipt: a notification that comes twice is delivered once."""
        if not ids:
            return set()
        # The receipt lies in the month of its sending, this one or the one it was written in.
        months = {self._index(datetime.now(UTC))} | {
            self._index(n.created_at) for n in notifications
        }
        asked = [{"_index": index, "_id": key} for index in months for key in ids]
        client = self._context.elasticsearch
        answer = await patiently(lambda: client.mget(docs=asked, source=False))
        return {doc["_id"] for doc in answer["docs"] if doc.get("found")}

    async def _deliver(
        self, key: str, notification: Notification, channel: Contact.Channel
    ) -> Delivery:
        attempts, error = 1, ""
        if channel.kind == "webhook":
            assert self._http is not None and channel.url is not None
            secret = os.environ.get(channel.secret_env or "", "")
            attempts, error = await send(self._http, channel.url, secret, notification)
        return Delivery(
            id=key,
            notification_id=notification.id,
            alert_id=notification.alert_id,
            kind=notification.kind,
            recipient=notification.recipient,
            channel=channel.kind,
            status="failed" if error else "delivered",
            attempts=attempts,
            sent_at=datetime.now(UTC),
            subject=notification.subject,
            body=notification.body,
            error=error,
        )
