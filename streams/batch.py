"""The batch loop every agent shares.

A handler takes a batch of raw messages and does its ordered part at once; what
it returns settles the batch (documents, links, dead letters, messages sent on)
and may overlap with the next batches. Offsets are acknowledged in the order of
the batches, each only after the whole of it is settled, so that a crash at any
moment repeats work and never loses any. An error that no handler expects ends
the process: the offsets then say where to begin again.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from faust.types import StreamT

from infra import metrics

log = structlog.get_logger("tingchao.batch")

EXIT_CRASH = 70  # EX_SOFTWARE: start it again
EXIT_STOPPED = 79  # starting it again would only stop again: somebody has to look


class Stopped(Exception):
    """The agent must not go on until somebody has looked; the message says at what."""


@dataclass(frozen=True, slots=True)
class Message:
    """A Kafka message as it came."""

    topic: str
    partition: int
    offset: int
    timestamp: float  # epoch seconds
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

    @property
    def position(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


class Handler(Protocol):
    name: str

    async def start(self) -> None:
        """Open clients and rebuild state; returns when the handler is ready."""

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        """Do the ordered part; return what settles the batch."""

    async def stop(self) -> None: ...


async def run(
    stream: StreamT[bytes], handler: Handler, size: int, wait: float, in_flight: int = 3
) -> None:
    """Feed `stream` to `handler`, at most `size` messages and `in_flight` batches at once."""
    await guarded(handler.start(), handler.name)
    metrics.READY.labels(handler.name).set(1)
    unsettled: asyncio.Queue[tuple[asyncio.Task[None], list[Any]]] = asyncio.Queue(in_flight)
    acker = asyncio.create_task(_acknowledge(unsettled, handler.name))
    try:
        async for events in stream.noack_take(size, within=wait):  # type: ignore[attr-defined]
            started = time.perf_counter()
            batch = [message(event.message, event.message.timestamp) for event in events]
            metrics.BATCH_ITEMS.labels(handler.name).observe(len(batch))
            settling = await guarded(handler.process(batch), handler.name)
            took = time.perf_counter() - started
            metrics.BATCH_SECONDS.labels(handler.name, "process").observe(took)
            settle = asyncio.ensure_future(guarded(settling, handler.name))
            await unsettled.put((settle, list(events)))
    finally:
        await drained(unsettled)
        acker.cancel()
        metrics.READY.labels(handler.name).set(0)
        await handler.stop()


async def drained(queue: asyncio.Queue[Any]) -> None:
    """Let what is under way settle; half of the 30 s that a stop may take."""
    try:
        await asyncio.wait_for(queue.join(), timeout=15)
    except TimeoutError:
        log.warning("stopped before the last batches settled; they will be read again")


async def _acknowledge(
    unsettled: asyncio.Queue[tuple[asyncio.Task[None], list[Any]]], name: str
) -> None:
    while True:
        settle, events = await unsettled.get()
        started = time.perf_counter()
        await settle
        for event in events:
            event.ack()
        unsettled.task_done()
        metrics.BATCH_SECONDS.labels(name, "settle").observe(time.perf_counter() - started)
        metrics.LAST_BATCH.labels(name).set_to_current_time()


async def guarded(work: Awaitable[Any], name: str) -> Any:
    """`work`, or the end of the process: nothing is acknowledged after a surprise."""
    try:
        return await work
    except asyncio.CancelledError:
        raise
    except Stopped as stopped:
        log.error("stopped on purpose; mend it, then start the worker again", why=str(stopped))
        print(f"tingchao: {stopped}", file=sys.stderr, flush=True)
        os._exit(EXIT_STOPPED)
    except Exception:
        log.exception("agent failed; the worker ends so that nothing is skipped", agent=name)
        os._exit(EXIT_CRASH)


def message(raw: Any, timestamp: float) -> Message:
    """Of a record as Faust or aiokafka gives it; `timestamp` in epoch seconds."""
    headers = raw.headers.items() if isinstance(raw.headers, dict) else (raw.headers or ())
    return Message(
        raw.topic, raw.partition, raw.offset, timestamp, raw.key, raw.value, tuple(headers)
    )
