"""WatchTopic: a saved boolean query (index `watches`); config/watch.yaml holds more of them."""

from __future__ import annotations

from schemas.base import Record, Stored, Time


class WatchTopic(Record, kw_only=True):
    schema: int = 1
    id: str
    name: str
    query: Stored
    level: str | None = None
    added_by: str = ""
    added_at: Time
