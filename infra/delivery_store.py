"""Deliveries in Elasticsearch: made once, changed by compare-and-set, found when due."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import orjson
from elasticsearch import AsyncElasticsearch, ConflictError

from infra.bulk import retriable
from infra.indices import write_name
from infra.patience import patiently
from infra.settings import Settings
from schemas.alert import Delivery
from schemas.base import encode
from schemas.registry import DELIVERIES


@dataclass(frozen=True, slots=True)
class Held:
    """A delivery and the version it was read at."""

    delivery: Delivery
    index: str
    seq_no: int
    primary_term: int


class DeliveryStore:
    def __init__(self, client: AsyncElasticsearch, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._alias = settings.prefix + DELIVERIES.alias

    async def known(self, wanted: dict[str, datetime]) -> set[str]:
        """Of ids and the times they were made, those that have a receipt already."""
        if not wanted:
            return set()
        # A receipt lies in the month it was written in: that of its making, or this one.
        this = self._index(datetime.now(UTC))
        asked = [
            {"_index": index, "_id": key}
            for key, made in wanted.items()
            for index in {this, self._index(made)}
        ]
        answer = await patiently(lambda: self._client.mget(docs=asked, source=False))
        return {doc["_id"] for doc in answer["docs"] if doc.get("found")}

    async def create(self, deliveries: Sequence[Delivery]) -> list[Held]:
        """Write those that are not there yet; they come back with their versions."""
        made: list[Held] = []
        left = list(deliveries)
        while left:
            results = await patiently(partial(self._bulk, left))
            again = []
            for delivery, result in zip(left, results, strict=True):
                if retriable(result):
                    again.append(delivery)
                elif result["status"] in (200, 201):
                    place = (result["_index"], result["_seq_no"], result["_primary_term"])
                    made.append(Held(delivery, *place))
                elif result["status"] != 409:
                    raise RuntimeError(f"delivery {delivery.id} not stored: {result['error']}")
            if left and len(again) == len(left):
                await asyncio.sleep(1)
            left = again
        return made

    async def update(self, held: Held, delivery: Delivery) -> Held | None:
        """None: somebody else changed it meanwhile."""

        async def write() -> Any:
            return await self._client.index(
                index=held.index,
                id=delivery.id,
                document=encode(delivery),  # type: ignore[arg-type]  # encoded
                if_seq_no=held.seq_no,
                if_primary_term=held.primary_term,
            )

        try:
            answer = await patiently(write)
        except ConflictError:
            return None
        return Held(delivery, held.index, answer["_seq_no"], answer["_primary_term"])

    async def due(self, now: datetime, limit: int = 200) -> list[Held]:
        """Those to be tried again or let go by `now`, the longest due first."""
        answer = await self._client.search(
            index=self._alias,
            query={"range": {"next_at": {"lte": now.isoformat()}}},
            sort=[{"next_at": "asc"}],
            size=limit,
            seq_no_primary_term=True,
        )
        return [
            Held(
                msgspec.convert(hit["_source"], Delivery, strict=False),
                hit["_index"], hit["_seq_no"], hit["_primary_term"],
            )
            for hit in answer["hits"]["hits"]
        ]  # fmt: skip

    def _index(self, when: datetime) -> str:
        return write_name(self._settings, DELIVERIES, when)

    async def _bulk(self, deliveries: Sequence[Delivery]) -> list[dict[str, Any]]:
        operations: list[bytes] = []
        for each in deliveries:
            meta = {"_index": self._index(each.sent_at), "_id": each.id}
            operations += [orjson.dumps({"create": meta}), encode(each)]
        answer = await self._client.bulk(operations=operations)  # type: ignore[arg-type]
        return [next(iter(item.values())) for item in answer["items"]]
