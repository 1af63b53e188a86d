"""What the agents of one worker share: settings, addresses, clients."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra import clients
from infra.alert_store import AlertStore
from infra.indices import write_name
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.registry import ALERTS
from schemas.topics import Topic


class Sent(NamedTuple):
    """A message to send."""

    value: bytes
    key: bytes | None = None
    headers: list[tuple[str, bytes]] = []  # noqa: RUF012 (not changed)


@dataclass
class Context:
    settings: Settings
    endpoints: Endpoints
    producer: AIOKafkaProducer
    elasticsearch: AsyncElasticsearch

    @classmethod
    async def open(cls, settings: Settings, endpoints: Endpoints) -> Context:
        producer = clients.producer(settings, endpoints)
        await producer.start()
        return cls(settings, endpoints, producer, clients.elasticsearch(settings, endpoints))

    async def close(self) -> None:
        await self.producer.stop()
        await self.elasticsearch.close()

    def topic(self, topic: Topic) -> str:
        return self.settings.prefix + topic.name

    async def send(self, topic: Topic, messages: Iterable[Sent]) -> None:
        """Send all, in order, and wait until the broker has every one of them."""
        waiting = [
            await self.producer.send(self.topic(topic), each.value, each.key, headers=each.headers)
            for each in messages
        ]
        await asyncio.gather(*waiting)

    def group(self, agent: str) -> str:
        return f"{self.settings.prefix}tingchao-{agent}"

    @property
    def alerts(self) -> AlertStore:
        return AlertStore(self.elasticsearch, write_name(self.settings, ALERTS))
