"""The clock is set forward and back an hour, and two timers run: each step fires once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import TopicPartition
from elasticsearch import AsyncElasticsearch

from infra import clients
from infra.alert_store import Stored
from infra.settings import Settings
from infra.stack import Endpoints
from response.alert import on_signal
from response.routing import Contacts, Routing
from schemas.alert import decode_notification
from schemas.yaml_file import load_yaml
from streams import leading
from streams.context import Context
from streams.deadlines import Deadlines
from tests.builders import signal

HOUR = timedelta(hours=1)


async def test_steps_fire_once_whatever_the_clock_does(
    config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    routing = load_yaml(config.config / "routing.yaml", Routing)
    contacts = load_yaml(config.config / "contacts.yaml", Contacts)
    now = datetime.now(UTC)
    alert, _, _ = on_signal(None, signal("III"), routing, contacts, now)
    assert alert
    context = await Context.open(config, endpoints)
    try:
        assert await context.alerts.save([Stored(alert)]) == []
        one, two = Deadlines(context), Deadlines(context)
        two.lease.owner = "another host/1"
        # Forward an hour (step 2), back (nothing), on again by two timers, and past all.
        for shift in (HOUR, -HOUR, HOUR, 0 * HOUR, 3 * HOUR, -HOUR, 3 * HOUR):
            for timer in (one, two):
                await elasticsearch.indices.refresh(index=f"{config.prefix}alerts")
                await timer.tick(now + shift)
        told = await _told(config, endpoints)
        escalated = Counter((n.step, n.recipient) for n in told if n.kind == "escalated")
        assert set(escalated) == {(2, "office"), (3, "office")}
        assert all(count == 1 for count in escalated.values())
        # A lease from a clock that ran an hour ahead does not silence the timers for an hour.
        assert await one.lease.leads(now + HOUR)
        assert not await two.lease.leads(now)
        real = leading.time.monotonic
        monkeypatch.setattr(leading.time, "monotonic", lambda: real() + 20)
        assert await two.lease.leads(now)
        assert not await one.lease.leads(now)
    finally:
        await context.close()


async def _told(config: Settings, endpoints: Endpoints) -> list:  # type: ignore[type-arg]
    consumer = clients.consumer(config, endpoints)
    await consumer.start()
    try:
        place = TopicPartition(f"{config.prefix}notifications", 0)
        consumer.assign([place])
        consumer.seek(place, 0)
        end, found = (await consumer.end_offsets([place]))[place], []
        while await consumer.position(place) < end:
            for record in (await consumer.getmany(place, timeout_ms=500)).get(place, []):
                found.append(decode_notification(record.value))
        return found
    finally:
        await consumer.stop()
