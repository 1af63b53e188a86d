"""A Faust consumer that runs the first step of each message at once.

Faust's `Consumer._drain_messages` wraps every message in two tasks and an
`asyncio.wait`, racing the topic callback against the flow-control event: about
55 µs a message, nearly always for a callback that never waits. Here the
callback's coroutine is driven directly; only when it really suspends (buffer
full, flow stopped) does the rest of it run in Faust's own race, unchanged.

Pinned to faust-streaming 0.15.3 (pyproject.toml); `benchmarks/consumer.py`
prints what it gains.
"""

from __future__ import annotations

import asyncio
import functools
import types
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from typing import Any

from faust.transport.drivers import aiokafka
from mode.services import WaitResults

ROOM_PAUSE = 0.002  # seconds between looks at a full buffer


class EagerConsumer(aiokafka.Consumer):
    async def getmany(self, timeout: float) -> AsyncIterator[Any]:
        """As Faust's, but it polls only when a whole poll fits the agents' buffers.

        A buffer past its pressure mark makes Faust pause the partition and sleep a
        second; a full one makes every single message wait for its place.
        """
        poll = self.app.conf.broker_max_poll_records or 500
        while not self.should_stop and any(
            topic.queue.qsize() > topic.queue.pressure_high_size - poll for topic in self.app.topics
        ):
            await asyncio.sleep(ROOM_PAUSE)
        async for pair in super().getmany(timeout):
            yield pair

    async def wait_first(self, *coros: Any, timeout: Any = None) -> WaitResults:
        if len(coros) != 2 or not isinstance(coros[0], Coroutine) or self.should_stop:
            return await super().wait_first(*coros, timeout=timeout)
        callback, suspended = coros
        try:
            awaited = callback.send(None)
        except StopIteration as done:
            suspended.close()  # nobody will wait for it
            return WaitResults([callback], [done.value], False)
        except BaseException:
            suspended.close()
            raise
        return await super().wait_first(_rest(callback, awaited), suspended, timeout=timeout)


async def _rest(coroutine: Coroutine[Any, Any, Any], awaited: Any) -> Any:
    """What is left of a coroutine that has already yielded `awaited`."""
    return await _resume(coroutine, awaited)


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, Any], awaited: Any) -> Generator[Any, Any, Any]:
    step: Callable[[], Any]
    while True:
        try:
            sent = yield awaited
        except GeneratorExit:
            coroutine.close()
            raise
        except BaseException as error:
            step = functools.partial(coroutine.throw, error)
        else:
            step = functools.partial(coroutine.send, sent)
        try:
            awaited = step()
        except StopIteration as done:
            return done.value


class EagerTransport(aiokafka.Transport):
    Consumer = EagerConsumer


__all__ = ["EagerConsumer", "EagerTransport"]
