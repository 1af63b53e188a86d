"""Create the Kafka topics that schemas/topics.py names."""

from __future__ import annotations

from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from infra.clients import kafka_options
from infra.settings import Settings
from infra.stack.endpoints import Endpoints
from schemas.errors import UserError
from schemas.topics import ALL, Topic


async def create(settings: Settings, endpoints: Endpoints, topics: Iterable[Topic] = ALL) -> None:
    """Make the topics that are not there yet; existing ones stay as they are."""
    admin = AIOKafkaAdminClient(**kafka_options(settings, endpoints))
    await admin.start()
    try:
        wanted = [
            NewTopic(
                settings.prefix + topic.name,
                topic.partitions,
                settings.kafka_replication,
                topic_configs={
                    "retention.ms": str(topic.retention_ms),
                    "max.message.bytes": str(topic.max_message),
                    "cleanup.policy": "compact" if topic.compacted else "delete",
                },
            )
            for topic in topics
        ]
        answer = await admin.create_topics(wanted)
        for name, code, *rest in answer.topic_errors:
            if code and for_code(code) is not TopicAlreadyExistsError:
                why = rest[0] if rest else for_code(code).__name__
                raise UserError(f"Kafka refused the topic {name}: {why}", "see its log")
    finally:
        await admin.close()
