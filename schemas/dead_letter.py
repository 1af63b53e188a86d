"""DeadLetter: what could not be processed, why, and where it came from.

On the topic `items.dead` the key, value and headers stay as they came and the
facts below travel as headers, named as Kafka Connect names them (KIP-298). The
index `dead-letters` holds this record, with the value cut and masked for reading.
"""

from __future__ import annotations

from schemas.base import Record, Stored, Text, Time

HEADER_PREFIX = "__connect.errors."
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
    size: int = 0  # bytes of the value
    value: Stored = ""
    failed_at: Time
