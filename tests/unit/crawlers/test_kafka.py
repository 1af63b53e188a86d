"""The sender's promises, on a producer that confirms when the test says so."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from crawlers import kafka
from crawlers.kafka import Sender, partition_of
from infra.settings import Settings
from schemas.base import content_id
from schemas.errors import UserError


class Producer:
    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes, bytes | None, asyncio.Future[Any]]] = []
        self.stopped = False

    async def start(self) -> None: ...

    async def partitions_for(self, topic: str) -> set[int]:
        return {0}

    async def send(
        self, topic: str, value: bytes, key: bytes | None, partition: int | None
    ) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.sent.append((topic, value, key, future))
        return future

    async def flush(self) -> None:
        await asyncio.wait([future for *_, future in self.sent])
        await asyncio.sleep(0)

    async def stop(self) -> None:
        self.stopped = True


@pytest.fixture
async def pair(monkeypatch: pytest.MonkeyPatch) -> tuple[Sender, Producer]:
    producer = Producer()
    monkeypatch.setattr(kafka.clients, "producer", lambda *_: producer)
    sender = Sender(limit=2, config=Settings(kafka_bootstrap="nowhere:1", prefix="p-"))
    await sender.start()
    return sender, producer


async def test_waits_while_too_many_are_unconfirmed(pair: tuple[Sender, Producer]) -> None:
    sender, producer = pair
    await sender.put(b"k", b"1")
    await sender.put(None, b"2")
    third = asyncio.create_task(sender.put(b"k", b"3"))
    await asyncio.sleep(0.01)
    assert len(producer.sent) == 2 and not third.done()
    producer.sent[0][3].set_result(None)
    await third
    assert [value for _, value, _, _ in producer.sent] == [b"1", b"2", b"3"]
    assert producer.sent[0][0] == "p-items.raw" and sender.confirmed == 1


async def test_confirm_returns_only_when_the_broker_has_it(pair: tuple[Sender, Producer]) -> None:
    sender, producer = pair
    sending = asyncio.create_task(sender.confirm(b"k", b"1"))
    await asyncio.sleep(0.01)
    assert not sending.done()
    producer.sent[0][3].set_result(None)
    await sending


async def test_a_failed_send_fails_all_that_follows(pair: tuple[Sender, Producer]) -> None:
    sender, producer = pair
    await sender.put(b"k", b"1")
    producer.sent[0][3].set_exception(ConnectionError("broker gone"))
    await asyncio.sleep(0)
    for _ in range(3):  # and no place is lost: it never waits for ever
        with pytest.raises(UserError, match="broker gone"):
            await asyncio.wait_for(sender.put(b"k", b"2"), 1)
    with pytest.raises(UserError, match="broker gone"):
        await sender.flush()
    assert len(producer.sent) == 1


def test_an_origin_always_goes_to_the_same_partition_and_all_are_used() -> None:
    keys = [content_id(str(number)).encode() for number in range(400)]
    counts = Counter(partition_of(key, 4) for key in keys)
    assert set(counts) == {0, 1, 2, 3} and min(counts.values()) > 60
    assert [partition_of(key, 4) for key in keys] == [partition_of(key, 4) for key in keys]
    assert partition_of(None, 4) is None and partition_of(b"no hex", 4) is None
