"""The stored watch topics, followed: written to a file of the data folder when they change.

The readers are processes of their own and look at files already; so a watch stays known
while Elasticsearch is away, and nobody asks it for every batch.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import msgspec
import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError
from pydantic import ValidationError

from infra.watch_store import WatchStore
from models.watch import Watch
from schemas.watch import WatchTopic
from streams.context import Context
from streams.reading import STORED

log = structlog.get_logger("tingchao.watches")

LOOK = 5.0  # seconds


class StoredWatches:
    def __init__(self, context: Context) -> None:
        self._store = WatchStore(context.settings, context.elasticsearch)
        self._path = context.settings.data / STORED

    async def follow(self) -> None:
        while True:
            try:
                write(self._path, await self._store.all())
            except (ApiError, TransportError) as error:
                log.warning("watch topics wait for Elasticsearch", error=str(error)[:200])
            await asyncio.sleep(LOOK)


def write(path: Path, topics: list[WatchTopic]) -> None:
    """In one step, and only when they changed: the time of the file says so to readers."""
    sound = []
    for topic in topics:
        fields = {"id": topic.id, "name": topic.name, "query": topic.query, "level": topic.level}
        try:
            Watch.model_validate(fields)
        except ValidationError as error:
            log.error("a stored watch topic is left out", id=topic.id, error=str(error))
        else:
            sound.append(fields)
    content = msgspec.json.encode(sound)
    if (path.read_bytes() if path.exists() else b"[]") != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        unfinished.write_bytes(content)
        unfinished.replace(path)
