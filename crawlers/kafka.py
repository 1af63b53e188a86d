"""A Kafka producer for raw items: every send is confirmed, and few are under way at a time."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from aiokafka.errors import KafkaError

from infra import clients
from infra.settings import Settings, settings
from infra.stack import stack
from infra.stack.endpoints import Endpoints
from schemas.errors import UserError
from schemas.topics import RAW, Topic

UNCONFIRMED = 20_000  # messages handed to the producer and not yet confirmed


class Unsent(UserError):
    """Kafka is not there or did not take it: the same again may succeed."""


class Publisher(Protocol):
    """Where items are sent; `put` waits while too many are under way."""

    async def start(self) -> None: ...
    async def put(self, key: bytes | None, value: bytes) -> asyncio.Future[Any]: ...
    async def flush(self) -> None: ...
    async def stop(self) -> None: ...


def endpoints(config: Settings) -> Endpoints:
    """Where the broker is. A lone TINGCHAO_KAFKA_BOOTSTRAP will do: nothing else is needed here."""
    if config.kafka_bootstrap:
        return Endpoints(config.kafka_bootstrap, config.elasticsearch_url or "")
    return stack(config).endpoints()


def partition_of(key: bytes | None, partitions: int) -> int | None:
    """The partition of an origin id: it is a hash already, no need for another in Python.

    None leaves the choice to the producer.
    """
    try:
        return int(key[:8], 16) % partitions if key else None
    except ValueError:
        return None


class Sender:
    """Sends to a topic. After the first failed send every call raises it."""

    def __init__(
        self, limit: int = UNCONFIRMED, config: Settings | None = None, topic: Topic = RAW
    ) -> None:
        self._config = config or settings()
        self._topic = self._config.prefix + topic.name
        self._free = asyncio.Semaphore(limit)
        self._error: BaseException | None = None
        self.confirmed = 0

    async def start(self) -> None:
        where = endpoints(self._config)
        self._producer = clients.producer(self._config, where)
        try:
            await self._producer.start()
            self._partitions = len(await self._producer.partitions_for(self._topic))
        except KafkaError as error:
            await self._producer.stop()
            raise Unsent(
                f"Kafka at {where.kafka} does not take items: {error}", "tingchao stack status"
            ) from None

    async def put(self, key: bytes | None, value: bytes) -> asyncio.Future[Any]:
        """Hand one message over; the future ends when the broker has confirmed it."""
        await self._free.acquire()
        try:
            self._raise()
            partition = partition_of(key, self._partitions)
            future = await self._producer.send(self._topic, value, key, partition)
        except BaseException:
            self._free.release()
            raise
        future.add_done_callback(self._done)
        return future

    async def confirm(self, key: bytes, value: bytes) -> None:
        """Send one message and wait until the broker has it."""
        await (await self.put(key, value))

    async def flush(self) -> None:
        """Wait until everything sent is confirmed."""
        await self._producer.flush()
        self._raise()

    async def stop(self) -> None:
        if hasattr(self, "_producer"):
            await self._producer.stop()

    def _done(self, future: asyncio.Future[Any]) -> None:
        self._free.release()
        if future.cancelled():
            self._error = self._error or asyncio.CancelledError()
        elif error := future.exception():
            self._error = self._error or error
        else:
            self.confirmed += 1

    def _raise(self) -> None:
        if self._error is not None:
            raise Unsent(
                f"Kafka did not confirm an item: {self._error}", "see tingchao stack logs"
            ) from self._error
