"""Which channels answer: kept in the index `channels`, so that a restart does not forget it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from infra import metrics
from infra.indices import write_name
from infra.patience import patiently
from response.contacts import Channel
from response.delivery import observed, usable
from schemas.alert import ChannelHealth
from schemas.base import content_id, encode
from schemas.registry import CHANNELS
from streams.context import Context


def key(channel: Channel) -> str:
    return content_id("channel", channel.kind, channel.address)


class Health:
    def __init__(self, context: Context) -> None:
        self._client = context.elasticsearch
        self._index = write_name(context.settings, CHANNELS)
        self._known: dict[str, ChannelHealth] = {}

    async def load(self) -> None:
        answer = await patiently(lambda: self._client.search(index=self._index, size=10_000))
        for hit in answer["hits"]["hits"]:
            self._known[hit["_id"]] = msgspec.convert(hit["_source"], ChannelHealth, strict=False)
        self._count()

    def refusal(self, channel: Channel, now: datetime) -> str:
        """Why the channel is left alone for now; empty: use it."""
        known = self._known.get(key(channel))
        if known is None or usable(known, now):
            return ""
        return f"the channel is dead ({known.error})"

    async def observe(self, channel: Channel, label: str, recipient: str, error: str) -> None:
        """Written only when something changed: a channel that works costs nothing."""
        known = self._known.get(key(channel))
        if known is None and not error:
            return
        now = datetime.now(UTC)
        before = known or ChannelHealth(
            id=key(channel), channel=label, recipient=recipient, updated_at=now
        )
        if not error and not before.failures:
            return
        after = observed(before, error, now)
        self._known[after.id] = after
        self._count()
        await patiently(
            lambda: self._client.index(
                index=self._index,
                id=after.id,
                document=encode(after),  # type: ignore[arg-type]  # encoded
            )
        )

    def _count(self) -> None:
        dead = sum(1 for health in self._known.values() if health.dead_since)
        metrics.CHANNELS_DEAD.set(dead)
