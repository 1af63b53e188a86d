"""The eager first step keeps what Faust's own race gives."""

from __future__ import annotations

import asyncio

import pytest
from faust.transport.drivers import aiokafka

from streams.eager import EagerConsumer


class Consumer(EagerConsumer):
    """Only what wait_first needs."""

    def __init__(self) -> None:
        self.raced = 0

    @property
    def should_stop(self) -> bool:
        return False


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> Consumer:
    async def race(self: Consumer, *coros: object, timeout: object = None) -> object:
        self.raced += 1
        return await asyncio.wait_for(coros[0], 1)  # type: ignore[arg-type]

    monkeypatch.setattr(aiokafka.Consumer, "wait_first", race)
    return Consumer()


async def test_a_callback_that_never_waits_is_run_at_once(consumer: Consumer) -> None:
    async def callback() -> str:
        return "put"

    event = asyncio.Event()
    found = await consumer.wait_first(callback(), event.wait())
    assert found.results == ["put"]
    assert consumer.raced == 0


async def test_a_callback_that_waits_goes_on_in_the_race(consumer: Consumer) -> None:
    room = asyncio.Event()
    steps = []

    async def callback() -> str:
        steps.append("before")
        await room.wait()
        await asyncio.sleep(0)
        steps.append("after")
        return "put"

    asyncio.get_running_loop().call_later(0.01, room.set)
    event = asyncio.Event()
    waiting = event.wait()
    assert await consumer.wait_first(callback(), waiting) == "put"
    assert consumer.raced == 1
    assert steps == ["before", "after"]
    waiting.close()


async def test_an_error_comes_through_from_either_part(consumer: Consumer) -> None:
    async def at_once() -> None:
        raise KeyError("early")

    async def later() -> None:
        await asyncio.sleep(0)
        raise KeyError("late")

    with pytest.raises(KeyError, match="early"):
        await consumer.wait_first(at_once(), asyncio.Event().wait())
    waiting = asyncio.Event().wait()
    with pytest.raises(KeyError, match="late"):
        await consumer.wait_first(later(), waiting)
    waiting.close()


async def test_cancelling_reaches_the_rest_of_the_callback(consumer: Consumer) -> None:
    cancelled = []

    async def callback() -> None:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    waiting = asyncio.Event().wait()
    task = asyncio.create_task(consumer.wait_first(callback(), waiting))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cancelled == [True]
    waiting.close()
