"""Watch topics that people add while the system runs, in Elasticsearch."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from elasticsearch import AsyncElasticsearch, ConflictError, NotFoundError

from infra.indices import write_name
from infra.settings import Settings
from schemas.base import encode
from schemas.errors import UserError
from schemas.registry import WATCHES
from schemas.watch import WatchTopic

MOST = 1_000


@dataclass(frozen=True)
class Held:
    """A watch topic and the version it was read at."""

    topic: WatchTopic
    seq_no: int
    primary_term: int


class WatchStore:
    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._client = client
        self._index = write_name(settings, WATCHES)

    async def all(self) -> list[WatchTopic]:
        """In the order of their ids."""
        await self._client.indices.refresh(index=self._index)
        answer = await self._client.search(index=self._index, size=MOST, sort="id")
        found = [hit["_source"] for hit in answer["hits"]["hits"]]
        return [msgspec.convert(each, WatchTopic, strict=False) for each in found]

    async def add(self, watch: WatchTopic) -> None:
        if len(await self.all()) >= MOST:
            raise UserError(f"there are {MOST} watch topics", "remove some")
        try:
            # Who added it looks for it next.
            await self._client.create(
                index=self._index, id=watch.id, refresh=True,
                document=encode(watch),  # type: ignore[arg-type]  # encoded
            )  # fmt: skip
        except ConflictError:
            raise UserError(
                f"a watch topic {watch.id!r} exists", "choose another id, or remove it first"
            ) from None

    async def get(self, key: str) -> Held | None:
        """As of now (not as of the last refresh)."""
        try:
            found = await self._client.get(index=self._index, id=key)
        except NotFoundError:
            return None
        topic = msgspec.convert(found["_source"], WatchTopic, strict=False)
        return Held(topic, found["_seq_no"], found["_primary_term"])

    async def remove(self, key: str, seen: Held | None = None) -> bool:
        """`seen`: only this version of it; False: it is another by now. UserError: none is
        there."""
        version: dict[str, int] = {}
        if seen:
            version = {"if_seq_no": seen.seq_no, "if_primary_term": seen.primary_term}
        try:
            await self._client.delete(index=self._index, id=key, refresh=True, **version)  # type: ignore[arg-type]
        except ConflictError:
            return False
        except NotFoundError:
            raise UserError(
                f"no watch topic {key!r} is stored", "tingchao watch list; those of "
                "config/watch.yaml are removed there"
            ) from None  # fmt: skip
        return True
