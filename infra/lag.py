"""How far each agent is behind its topic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CoordinatorLoadInProgressError, KafkaError
from aiokafka.structs import OffsetAndMetadata
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas import topics
from schemas.topics import Topic

READS: dict[str, Topic] = {  # agent -> what it reads, in the order of an item's way
    "analyse": topics.RAW,
    "events": topics.OPINIONS,
    "alerts": topics.SIGNALS,
    "notify": topics.NOTIFICATIONS,
}


@dataclass(frozen=True)
class Lag:
    agent: str
    topic: str
    partition: int
    committed: int  # -1: nothing yet
    start: int
    end: int

    @property
    def behind(self) -> int:
        return self.end - max(self.committed, self.start)


async def lags(
    settings: Settings, endpoints: Endpoints, agents: Iterable[str] = tuple(READS)
) -> list[Lag]:
    """Of the agents and all their partitions."""
    admin = AIOKafkaAdminClient(**clients.kafka_options(settings, endpoints))
    consumer = clients.consumer(settings, endpoints)
    await admin.start()
    await consumer.start()
    try:
        found = []
        for agent in agents:
            topic = READS[agent]
            name = settings.prefix + topic.name
            partitions = [TopicPartition(name, n) for n in range(topic.partitions)]
            committed = await _committed(admin, f"{settings.prefix}tingchao-{agent}", partitions)
            starts = await consumer.beginning_offsets(partitions)
            ends = await consumer.end_offsets(partitions)
            found += [
                Lag(agent, name, p.partition, committed[p].offset, starts[p], ends[p])
                for p in partitions
            ]
        return found
    finally:
        await consumer.stop()
        await admin.close()


def _passing(error: BaseException) -> bool:
    return isinstance(error, KafkaError) and error.retriable


# A broker that has just started makes its offsets topic at the first question.
@retry(
    retry=retry_if_exception(_passing),
    stop=stop_after_delay(30),
    wait=wait_fixed(0.3),
    reraise=True,
)
async def _committed(
    admin: AIOKafkaAdminClient, group: str, partitions: list[TopicPartition]
) -> dict[TopicPartition, OffsetAndMetadata]:
    found = await admin.list_consumer_group_offsets(group, partitions=partitions)
    if set(partitions) - set(found):
        # A broker that reads its offsets again after a crash answers with nothing.
        raise CoordinatorLoadInProgressError(group)
    return found
