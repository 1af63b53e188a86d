"""The batch loop: nothing is acknowledged before all of its batch is settled, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from types import SimpleNamespace

import pytest

from streams import batch
from streams.batch import Message, run


class Stream:
    """Gives the batches; notes which offsets were acknowledged, in order."""

    def __init__(self, *sizes: int) -> None:
        self._sizes = sizes
        self.acked: list[int] = []

    async def noack_take(self, size: int, within: float) -> AsyncIterator[list[object]]:
        offset = 0
        for count in self._sizes:
            yield [self._event(offset + n) for n in range(count)]
            offset += count

    def _event(self, offset: int) -> object:
        raw = SimpleNamespace(
            topic="t", partition=0, offset=offset, timestamp=1.0, key=None, value=b"x", headers=[]
        )
        return SimpleNamespace(message=raw, ack=lambda: self.acked.append(offset))


class Handler:
    name = "test"

    def __init__(self) -> None:
        self.gates: list[asyncio.Event] = []
        self.started = self.stopped = False

    async def start(self) -> None:
        self.started = True

    async def stop(self) -> None:
        self.stopped = True

    async def process(self, messages: Sequence[Message]) -> Awaitable[None]:
        gate = asyncio.Event()
        self.gates.append(gate)

        async def settle() -> None:
            await gate.wait()

        return settle()


async def test_offsets_are_acknowledged_in_order_and_only_when_settled() -> None:
    stream, handler = Stream(2, 2, 1), Handler()
    loop = asyncio.create_task(run(stream, handler, 2, 0.01))  # type: ignore[arg-type]
    while len(handler.gates) < 3:
        await asyncio.sleep(0)
    handler.gates[1].set()  # the second batch settles first
    await asyncio.sleep(0.01)
    assert stream.acked == []
    handler.gates[0].set()
    await asyncio.sleep(0.01)
    assert stream.acked == [0, 1, 2, 3]
    handler.gates[2].set()
    await loop
    assert stream.acked == [0, 1, 2, 3, 4]
    assert handler.started and handler.stopped


async def test_no_more_batches_are_open_than_allowed() -> None:
    stream, handler = Stream(*[1] * 20), Handler()
    loop = asyncio.create_task(run(stream, handler, 1, 0.01, in_flight=2))  # type: ignore[arg-type]
    await asyncio.sleep(0.05)
    # two wait in the queue, one is with the acknowledger, one waits for its place
    assert len(handler.gates) <= 4
    while not loop.done():
        for gate in handler.gates:
            gate.set()
        await asyncio.sleep(0)
    assert stream.acked == list(range(20))


@pytest.mark.parametrize("where", ["process", "settle"])
async def test_a_surprise_ends_the_process_and_acknowledges_nothing(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes: list[int] = []

    def die(code: int) -> None:
        codes.append(code)
        raise SystemExit(code)

    monkeypatch.setattr(batch.os, "_exit", die)

    class Failing(Handler):
        async def process(self, messages: Sequence[Message]) -> Awaitable[None]:
            if where == "process":
                raise ValueError("surprise")

            async def settle() -> None:
                raise ValueError("surprise")

            return settle()

    async def guarded() -> None:
        await batch.guarded(_one(Failing()), "test")

    async def _one(handler: Handler) -> None:
        await (await handler.process([]))

    with pytest.raises(SystemExit):
        await guarded()
    assert codes == [batch.EXIT_CRASH]
