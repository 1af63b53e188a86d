"""Dead letters: the message as it came to `items.dead`, the reason beside it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata

from infra import metrics
from models.masking import mask
from schemas.dead_letter import HEADER_PREFIX, TRUNCATED, VALUE_SHOWN, DeadLetter
from schemas.topics import MAX_MESSAGE
from streams.batch import Message
from streams.parse import Bad

Letter = tuple[Message, Bad]
MOST = MAX_MESSAGE - 64 * 1024
_SOURCE = re.compile(rb'"source"\s*:\s*"([^"\\]{1,200})"')


def headers(message: Message, bad: Bad) -> list[tuple[str, bytes]]:
    """The message's own headers, then those that Kafka Connect writes (KIP-298)."""
    facts = {
        "topic": message.topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
        "timestamp": str(int(message.timestamp * 1000)),
        "stage": bad.stage,
        "reason": bad.reason,
        "exception.class.name": bad.exception,
        "exception.message": bad.message,
    }
    kept = [(k, v) for k, v in message.headers if not k.startswith(HEADER_PREFIX)]
    return kept + [
        (HEADER_PREFIX + name, value.encode("utf-8", "replace")) for name, value in facts.items()
    ]


def fitting(
    value: bytes | None, facts: list[tuple[str, bytes]], key: int, most: int = MOST
) -> tuple[bytes | None, list[tuple[str, bytes]]]:
    """The value cut to what a message can hold beside the headers; a header says so.

    The reason makes a dead letter larger than the message was. A letter that does not fit
    would stop the agent for ever; the whole value stays on the topic it came from.
    """
    beside = key + sum(len(k) + len(v) + 16 for k, v in facts)
    if beside > most // 2:
        facts = [(k, v) for k, v in facts if k.startswith(HEADER_PREFIX)]
        beside = key + sum(len(k) + len(v) + 16 for k, v in facts)
    if value is None or len(value) + beside <= most:
        return value, facts
    return value[: most - beside], [*facts, (TRUNCATED, str(len(value)).encode())]


def record(
    message: Message, bad: Bad, now: datetime, sent: RecordMetadata | None = None
) -> DeadLetter:
    value = message.value or b""
    source = _SOURCE.search(value)
    return DeadLetter(
        id=message.position,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=datetime.fromtimestamp(message.timestamp, UTC),
        stage=bad.stage,
        reason=bad.reason,
        exception=bad.exception,
        message=bad.message,
        item_id=bad.item_id,
        source=source[1].decode("utf-8", "replace") if source else None,
        dead_partition=sent.partition if sent else 0,
        dead_offset=sent.offset if sent else -1,
        size=len(value),
        value=mask([value[: VALUE_SHOWN * 4].decode("utf-8", "replace")[:VALUE_SHOWN]])[0],
        failed_at=now,
    )


async def send(
    producer: AIOKafkaProducer, topic: str, letters: Sequence[Letter]
) -> list[RecordMetadata]:
    """Send to the dead-letter topic and wait until the broker has them all."""
    futures = []
    for message, bad in letters:
        value, facts = fitting(message.value, headers(message, bad), len(message.key or b""))
        futures.append(await producer.send(topic, value, message.key, headers=facts))
    sent = await asyncio.gather(*futures)
    for _, bad in letters:
        metrics.DEAD_LETTERS.labels(bad.stage, bad.reason).inc()
    return sent
