"""One total order of fingerprints, so that every worker finds the same duplicates.

Each batch's fingerprints go as one message to the single partition of the topic
`fingerprints`. Every worker reads that topic from its window's start and feeds
each message, in order, to its own index; the answer for its own batch is the one
found at that message's place. Two workers that meet copies of one text at the
same moment therefore agree which came first, and a restarted worker rebuilds its
state by reading. docs/decisions/003-fingerprint-log.md.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import msgspec
import numpy as np
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from infra import clients, metrics
from models.duplicates import DuplicateIndex, Link
from models.fingerprints import Fingerprints
from schemas import topics
from streams.context import Context


class Entry(msgspec.Struct, array_like=True):
    """A batch in the log: 16-byte ids joined, and the fingerprint arrays."""

    ids: bytes
    fingerprints: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Entry).decode


class FingerprintLog:
    def __init__(
        self,
        producer: AIOKafkaProducer,
        consumer: AIOKafkaConsumer,
        topic: str,
        index: DuplicateIndex,
        window_seconds: int,
    ) -> None:
        self._producer = producer
        self._consumer = consumer
        self._partition = TopicPartition(topic, 0)
        self._index = index
        self._window = window_seconds
        self._waiting: dict[int, asyncio.Future[list[Link | None]]] = {}
        self._early: dict[int, list[Link | None]] = {}  # answers that came before the question
        self._sending = 0
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, context: Context) -> FingerprintLog:
        """The log of the configured stack and window."""
        settings = context.settings
        window = settings.duplicate_window_days * 86_400
        return cls(
            context.producer, clients.consumer(settings, context.endpoints),
            context.topic(topics.FINGERPRINTS), DuplicateIndex(window, settings.fingerprints),
            window,
        )  # fmt: skip

    async def start(self) -> None:
        """Rebuild the window; returns when the end of the log, as of now, is reached."""
        await self._consumer.start()
        self._consumer.assign([self._partition])
        start_ms = int((time.time() - self._window) * 1000)
        found = await self._consumer.offsets_for_times({self._partition: start_ms})
        end = (await self._consumer.end_offsets([self._partition]))[self._partition]
        place = found[self._partition]
        self._consumer.seek(self._partition, place.offset if place else end)
        while await self._consumer.position(self._partition) < end:
            await self._read(timeout_ms=1_000)
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
        await self._consumer.stop()

    async def link(
        self, ids: Sequence[str], fingerprints: Fingerprints
    ) -> asyncio.Future[list[Link | None]]:
        """Append a batch; the future gives, in order, the first-seen thing each is a copy of."""
        entry = Entry(bytes.fromhex("".join(ids)), fingerprints.to_bytes())
        self._sending += 1
        sent = await self._producer.send_and_wait(
            self._partition.topic, _encode(entry), partition=0
        )
        self._sending -= 1
        answer: asyncio.Future[list[Link | None]] = asyncio.get_running_loop().create_future()
        if sent.offset in self._early:
            answer.set_result(self._early.pop(sent.offset))
        else:
            self._waiting[sent.offset] = answer
        if not self._sending:
            self._early.clear()  # what is left there was asked by other workers
        return answer

    def recall(
        self, ids: Sequence[str], times: np.ndarray, fingerprints: Fingerprints
    ) -> list[Link | None]:
        """For a replay: what each item was found to be a copy of. Nothing is told to others."""
        return self._index.add(ids, times, fingerprints)

    async def _follow(self) -> None:
        while True:
            await self._read(timeout_ms=60_000)

    async def _read(self, timeout_ms: int) -> None:
        found = await self._consumer.getmany(timeout_ms=timeout_ms)
        for record in found.get(self._partition, ()):
            entry = _decode(record.value)
            joined = entry.ids.hex()
            ids = [joined[at : at + 32] for at in range(0, len(joined), 32)]
            times = np.full(len(ids), record.timestamp // 1000, dtype=np.int64)
            links = self._index.add(ids, times, Fingerprints.from_bytes(entry.fingerprints))
            answer = self._waiting.pop(record.offset, None)
            if answer is not None:
                answer.set_result(links)
            elif self._sending:
                self._early[record.offset] = links
        metrics.FINGERPRINTS.set(len(self._index))
