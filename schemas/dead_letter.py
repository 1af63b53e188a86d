"""DeadLetter: what could not be processed, why, and where it came from.

On the topic `items.dead` the key, value and headers stay as they came and the
facts below travel as headers, named as Kafka Connect names them (KIP-298). The
index `dead-letters` holds this record, with the value cut and masked for reading.
A replayed message names the position it stands for, so that the audit counts it once.
"""

from __future__ import annotations

from schemas.base import Record, Stored, Text, Time

HEADER_PREFIX = "__connect.errors."
REPLAYED_FROM = "tingchao.replayed-from"  # header: topic/partition/offset
TRUNCATED = HEADER_PREFIX + "truncated"  # header: bytes of the whole value, kept on its topic
VALUE_SHOWN = 4_096  # characters of the value kept in the index


class DeadLetter(Record, kw_only=True):
    schema: int = 1
    id: str  # topic/partition/offset of the original
    topic: str
    partition: int
    offset: int
    timestamp: Time  # of the original message
    stage: str  # parse, analyse, index, …
    reason: str  # short name: malformed_json, wrong_type, …
    exception: str
    message: Text
    item_id: str | None = None
    source: str | None = None  # as far as the value can be read
    dead_partition: int = 0  # where the whole message lies on items.dead
    dead_offset: int = -1  # -1: unknown, the topic is searched
    size: int = 0  # bytes of the value
    value: Stored = ""
    failed_at: Time
    replayed_at: Time | None = None
    dropped_at: Time | None = None
    settled_by: str | None = None  # who replayed or dropped it

    @property
    def waits(self) -> bool:
        """Neither replayed nor dropped."""
        return self.replayed_at is None and self.dropped_at is None
