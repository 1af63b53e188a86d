"""Dead letters for people: found by filters, sent again after a mend, or dropped with a name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from elasticsearch import AsyncElasticsearch, ConflictError

from infra.settings import Settings
from schemas import topics
from schemas.base import encode
from schemas.dead_letter import HEADER_PREFIX, REPLAYED_FROM, TRUNCATED, DeadLetter
from schemas.errors import UserError
from schemas.registry import DEAD_LETTERS

PAGE = 500


@dataclass(frozen=True)
class Filters:
    reason: str = ""
    stage: str = ""
    source: str = ""
    since: datetime | None = None
    settled: bool = False  # those replayed or dropped too

    def query(self) -> dict[str, Any]:
        wanted: list[dict[str, Any]] = [
            {"term": {name: value}}
            for name in ("reason", "stage", "source")
            if (value := getattr(self, name))
        ]
        if self.since:
            wanted.append({"range": {"failed_at": {"gte": self.since.isoformat()}}})
        done = [{"exists": {"field": name}} for name in ("replayed_at", "dropped_at")]
        return {"bool": {"filter": wanted, "must_not": [] if self.settled else done}}


@dataclass(frozen=True)
class Held:
    """A dead letter and the version it was read at."""

    letter: DeadLetter
    index: str
    seq_no: int
    primary_term: int


class DeadLetters:
    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._settings = settings
        self._client = client
        self._alias = settings.prefix + DEAD_LETTERS.alias

    async def count(self, filters: Filters) -> int:
        answer = await self._client.count(index=self._alias, query=filters.query())
        return int(answer["count"])

    async def find(self, filters: Filters, limit: int | None = None) -> AsyncIterator[Held]:
        """The latest first."""
        point = await self._client.open_point_in_time(index=self._alias, keep_alive="5m")
        pit, after, left = point["id"], None, limit
        try:
            while left is None or left > 0:
                answer = await self._client.search(
                    pit={"id": pit, "keep_alive": "5m"},
                    query=filters.query(),
                    sort=[{"failed_at": "desc"}, {"_shard_doc": "asc"}],
                    size=PAGE if left is None else min(PAGE, left),
                    seq_no_primary_term=True,
                    **({"search_after": after} if after else {}),
                )
                pit, hits = answer.get("pit_id", pit), answer["hits"]["hits"]
                if not hits:
                    return
                for hit in hits:
                    yield _held(hit)
                after = hits[-1]["sort"]
                left = None if left is None else left - len(hits)
        finally:
            await self._client.close_point_in_time(id=pit)

    async def get(self, key: str) -> Held:
        found = await self.of([key])
        if not found:
            raise UserError(f"no dead letter {key!r}", "tingchao dlq list shows their ids")
        return found[0]

    async def of(self, keys: Sequence[str]) -> list[Held]:
        """Those that are there."""
        wanted = [key for key in keys if key]  # Elasticsearch refuses a question for an empty one
        if not wanted:
            return []
        answer = await self._client.search(
            index=self._alias, query={"ids": {"values": wanted}}, size=len(wanted),
            seq_no_primary_term=True,
        )  # fmt: skip
        return [_held(hit) for hit in answer["hits"]["hits"]]

    async def mark(self, held: Held, **changes: Any) -> bool:
        """Write the changes; False when somebody else settled it meanwhile."""
        letter = msgspec.structs.replace(held.letter, **changes)
        try:
            await self._client.index(
                index=held.index,
                id=letter.id,
                document=encode(letter),  # type: ignore[arg-type]  # encoded
                if_seq_no=held.seq_no,
                if_primary_term=held.primary_term,
            )
        except ConflictError:
            return False
        return True

    async def drop(self, held: Held, actor: str) -> bool:
        """Give it up, on record; False when somebody else settled it meanwhile."""
        return await self.mark(held, dropped_at=datetime.now(UTC), settled_by=actor)

    async def replay(
        self, held: Held, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, actor: str
    ) -> bool:
        """Send the message as it came; sent before it is marked, so a crash repeats and loses none.

        False when its whole value is not (or no longer) on items.dead.
        """
        letter = held.letter
        found = await self.original(letter, consumer)
        if found is None:
            return False
        ours = (HEADER_PREFIX, REPLAYED_FROM)
        headers = [(k, v) for k, v in found.headers if not k.startswith(ours)]
        headers.append((REPLAYED_FROM, letter.id.encode()))
        await producer.send_and_wait(letter.topic, found.value, found.key, headers=headers)
        await self.mark(held, replayed_at=datetime.now(UTC), settled_by=actor)
        return True

    async def original(self, letter: DeadLetter, consumer: AIOKafkaConsumer) -> Any | None:
        """The record on items.dead; the consumer may be used for one letter after the other."""
        topic = self._settings.prefix + topics.DEAD.name
        place = TopicPartition(topic, letter.dead_partition)
        if place not in consumer.assignment():
            consumer.assign([place])
        first = (await consumer.beginning_offsets([place]))[place]
        end = (await consumer.end_offsets([place]))[place]
        at = letter.dead_offset
        if at >= 0 and not first <= at < end:
            return None
        consumer.seek(place, at if at >= 0 else first)
        while await consumer.position(place) < end:
            found = await consumer.getmany(place, timeout_ms=1_000, max_records=1)
            for record in found.get(place, ()):
                if _position(record) == letter.id:
                    return None if TRUNCATED in dict(record.headers) else record
                if at >= 0:
                    return None
        return None


def _position(record: Any) -> str:
    facts = dict(record.headers)
    parts = [facts.get(HEADER_PREFIX + n, b"") for n in ("topic", "partition", "offset")]
    return b"/".join(parts).decode()


def _held(hit: dict[str, Any]) -> Held:
    letter = msgspec.convert(hit["_source"], DeadLetter, strict=False)
    return Held(letter, hit["_index"], hit["_seq_no"], hit["_primary_term"])
