"""Searches that people saved, in Elasticsearch: their own and those that others share."""

from __future__ import annotations

import msgspec
from elasticsearch import AsyncElasticsearch, ConflictError, NotFoundError

from infra.indices import write_name
from infra.settings import Settings
from schemas.base import encode
from schemas.errors import UserError
from schemas.registry import SAVED_SEARCHES
from schemas.saved_search import SavedSearch

MOST = 200  # of one person


class SavedSearches:
    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._client, self._index = client, write_name(settings, SAVED_SEARCHES)

    async def seen_by(self, owner: str) -> list[SavedSearch]:
        """Their own and the shared ones, by name."""
        answer = await self._client.search(
            index=self._index, size=1_000, sort=[{"name": "asc"}, {"id": "asc"}],
            query={"bool": {"should": [{"term": {"owner": owner}}, {"term": {"shared": True}}]}},
        )  # fmt: skip
        found = [hit["_source"] for hit in answer["hits"]["hits"]]
        return [msgspec.convert(each, SavedSearch, strict=False) for each in found]

    async def add(self, saved: SavedSearch) -> None:
        if sum(each.owner == saved.owner for each in await self.seen_by(saved.owner)) >= MOST:
            raise UserError(f"每人至多存 {MOST} 个检索", "先删去一些")
        try:
            await self._client.create(
                index=self._index, id=saved.id, refresh="wait_for",
                document=encode(saved),  # type: ignore[arg-type]  # encoded
            )  # fmt: skip
        except ConflictError:
            raise UserError(f"您已有叫“{saved.name}”的检索", "换一个名称，或先删去它") from None

    async def remove(self, key: str, owner: str) -> bool:
        """False when it is not there, or not theirs."""
        try:
            held = await self._client.get(index=self._index, id=key or "-")
            if held["_source"]["owner"] != owner:
                return False
            await self._client.delete(index=self._index, id=key, refresh="wait_for")
        except NotFoundError:
            return False
        return True
