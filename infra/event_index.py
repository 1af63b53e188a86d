"""Events and their items, read from Elasticsearch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch, NotFoundError

from infra.settings import Settings
from infra.stack import Endpoints
from schemas.errors import UserError
from schemas.event import Event
from schemas.opinion import Opinion

ITEMS = 5_000  # of an event, read at most; the earliest
_PAGE = 1_000
_LISTED = [
    "id", "title", "level", "score", "phase", "items", "documents", "first_at", "last_at",
    "first_source", "keywords", "merged_into",
]  # fmt: skip


def items_of(event: Event) -> dict[str, Any]:
    """The opinions of the event."""
    return _belonging(event.things or [""], event.parted)


def items_of_id(events: str, key: str) -> dict[str, Any]:
    """The same for an event that Elasticsearch looks up itself; `events`: the index's name."""
    looked_up = ({"index": events, "id": key, "path": path} for path in ("things", "parted"))
    return _belonging(*looked_up)


def events_of(origin: str, cluster: str, root: str | None) -> dict[str, Any]:
    """The events that have an item of these ids."""
    return {"bool": {
        "filter": [{"terms": {"things": [origin, root or cluster]}}],
        "must_not": [{"term": {"parted": origin}}],
    }}  # fmt: skip


def _belonging(things: Any, parted: Any) -> dict[str, Any]:
    """A reply or repost is of its thread, whatever text it copied: as the events agent counts."""
    copies = {
        "filter": [{"terms": {"cluster_id": things}}],
        "must_not": [{"exists": {"field": "root_id"}}],
    }
    own = [{"terms": {name: things}} for name in ("origin_id", "root_id")]
    return {"bool": {
        "should": [*own, {"bool": copies}], "minimum_should_match": 1,
        "must_not": [{"terms": {"origin_id": parted}}],
    }}  # fmt: skip


class EventReader:
    def __init__(
        self, client: AsyncElasticsearch, settings: Settings, endpoints: Endpoints
    ) -> None:
        self._client, self.settings, self.endpoints = client, settings, endpoints

    async def gravest(self, limit: int, merged: bool) -> list[dict[str, Any]]:
        query: dict[str, Any] = {"match_all": {}}
        if not merged:
            query = {"bool": {"must_not": {"exists": {"field": "merged_into"}}}}
        answer = await self._client.search(
            index=f"{self.settings.prefix}events", query=query, size=limit, source_includes=_LISTED,
            sort=[{"score": "desc"}, {"items": "desc"}, {"id": "asc"}],
        )  # fmt: skip
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    async def event(self, key: str) -> Event:
        """The event, or the one that it became part of; UserError when there is none."""
        for _ in range(20):
            try:
                found = await self._client.get(index=f"{self.settings.prefix}events", id=key)
            except NotFoundError:
                raise UserError(
                    f"no event {key!r}", "tingchao events list shows their ids"
                ) from None
            event = msgspec.convert(found["_source"], Event, strict=False)
            if event.merged_into is None:
                return event
            key = event.merged_into
        raise UserError(f"{key} was merged in a ring", "rename or merge it again")

    async def items(self, event: Event) -> list[Opinion]:
        """The items of an event, the earliest first; at most ITEMS."""
        query = items_of(event)
        found: list[Opinion] = []
        after: list[Any] | None = None
        while len(found) < ITEMS:
            answer = await self._client.search(
                index=f"{self.settings.prefix}opinions", query=query, size=_PAGE,
                sort=[{"published_at": "asc"}, {"id": "asc"}], search_after=after,
            )  # fmt: skip
            hits = answer["hits"]["hits"]
            found += [msgspec.convert(hit["_source"], Opinion, strict=False) for hit in hits]
            if len(hits) < _PAGE:
                break
            after = hits[-1]["sort"]
        return found[:ITEMS]

    async def named(self, ids: Sequence[str]) -> list[Opinion]:
        """The items of these ids that there are, the earliest first."""
        answer = await self._client.search(
            index=f"{self.settings.prefix}opinions", query={"ids": {"values": list(ids)}},
            size=len(ids), sort=[{"published_at": "asc"}, {"id": "asc"}],
        )  # fmt: skip
        hits = answer["hits"]["hits"]
        return [msgspec.convert(hit["_source"], Opinion, strict=False) for hit in hits]
