"""Agent `notify`: notifications → the recipient's channels, with a receipt for each.

A batch is settled when each delivery is on record: those to the console as delivered,
those held back until their time, the others with the courier, who carries them out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime

import structlog
from msgspec.structs import replace

from models.reloading import Reloading
from response.contacts import Contact
from response.delivery import INBOX
from response.plan import Plan
from schemas.alert import Delivery, Notification, decode_notification
from schemas.trace import item_of
from streams.batch import Message
from streams.context import Context
from streams.courier import Courier
from streams.render import Renderer

log = structlog.get_logger("tingchao.notify")


class Notify:
    name = "notify"

    def __init__(self, context: Context, plan: Reloading[Plan]) -> None:
        self._plan = plan
        self._courier = Courier(context, plan)
        self._renderer = Renderer(context.settings)

    async def start(self) -> None:
        await self._courier.start()

    async def stop(self) -> None:
        await self._courier.stop()

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        found = [decode_notification(message.value or b"") for message in batch]
        for each, message in zip(found, batch, strict=True):
            log.info("notification taken", item=item_of(message.headers), notification=each.id,
                     recipient=each.recipient)  # fmt: skip
        return self._settle(found)

    async def _settle(self, notifications: Sequence[Notification]) -> None:
        now = datetime.now(UTC)
        wanted = {d.id: d for each in notifications for d in self._deliveries(each, now)}
        made = {n.id: n.created_at for n in notifications}
        # A notification that comes twice is delivered once.
        known = await self._courier.store.known(
            {key: made[d.notification_id] for key, d in wanted.items()}
        )
        await self._courier.accept([d for key, d in wanted.items() if key not in known])

    def _deliveries(self, notification: Notification, now: datetime) -> list[Delivery]:
        plan = self._plan.current()
        person = plan.contacts.person(notification.recipient)
        message = self._renderer.render(notification, person, plan.duty)
        channels = [c for c in person.channels if not c.backup] if person else [INBOX]
        found = [self._courier.record(message, channel, now) for channel in channels or [INBOX]]
        until = _held_until(person, notification, plan, now)
        if until is None:
            return found
        # The console rings nobody's bell: what stands there is there at once.
        return [
            d if d.channel == "inbox" else replace(d, status="held", next_at=until) for d in found
        ]


def _held_until(
    person: Contact | None, notification: Notification, plan: Plan, now: datetime
) -> datetime | None:
    if person is None or notification.kind in ("operator", "digest"):
        return None
    return person.held_until(notification.level, plan.duty.calendar.local(now))
