"""Alerts in Elasticsearch, changed by compare-and-set so that nobody's change is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import msgspec
import orjson
from elasticsearch import AsyncElasticsearch

from infra.bulk import retriable
from infra.patience import patiently
from schemas.alert import OPEN_STATUSES, Alert
from schemas.base import encode
from schemas.errors import UserError

T = TypeVar("T")
MERGES = 5  # steps of merged into merged that are followed


@dataclass(frozen=True, slots=True)
class Stored:
    """An alert and the version it was read at (None: it is not there yet)."""

    alert: Alert
    seq_no: int | None = None
    primary_term: int | None = None


class AlertStore:
    def __init__(self, client: AsyncElasticsearch, index: str, patient: bool = True) -> None:
        """`patient`: waits for an Elasticsearch that is away, as agents do. Where a person waits
        it is an error at once (ApiError, TransportError)."""
        self._client = client
        self._index = index
        self._patient = patient

    async def get(self, ids: Iterable[str]) -> dict[str, Stored]:
        """The alerts that are there, as of now (not as of the last refresh)."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        answer = await self._ask(lambda: self._client.mget(index=self._index, ids=wanted))
        return {doc["_id"]: _stored(doc) for doc in answer["docs"] if doc.get("found")}

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        return await (patiently(call) if self._patient else call())

    async def due(self, now: str, limit: int = 200) -> list[Stored]:
        """Alerts of which something is due at `now` (ISO 8601), longest due first.

        One that is over may still have its final report to tell.
        """
        answer = await self._client.search(
            index=self._index,
            query={"range": {"next_due_at": {"lte": now}}},
            sort=[{"next_due_at": "asc"}],
            size=limit,
            seq_no_primary_term=True,
        )
        return [_stored(hit) for hit in answer["hits"]["hits"]]

    async def open(self, page: int = 500) -> AsyncIterator[Alert]:
        """All that are not over."""
        after = [""]
        while True:
            answer = await self._client.search(
                index=self._index,
                query={"terms": {"status": list(OPEN_STATUSES)}},
                sort=[{"id": "asc"}],
                size=page,
                search_after=after,
            )
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield msgspec.convert(hit["_source"], Alert, strict=False)
            if len(hits) < page:
                return
            after = hits[-1]["sort"]

    async def follow(self, ids: Iterable[str]) -> dict[str, str]:
        """id -> id of the alert it was merged into, for those that were; at the end of the way.

        One whose target is not there is left out: it speaks for itself.
        """
        ways: dict[str, str] = {}
        asked = {key: key for key in ids}  # where it began -> where it stands
        for _ in range(MERGES):
            found = await self.get(asked.values())
            moved = {}
            for begin, at in asked.items():
                target = found[at].alert.merged_into if at in found else None
                if target:
                    moved[begin] = target
                elif at in found and at != begin:
                    ways[begin] = at
            asked = moved
        return ways

    async def change(self, key: str, step: Callable[[Alert], Alert]) -> Alert | None:
        """`step` by compare-and-set: what somebody else changes meanwhile is read and decided
        again. None: there is no such alert. UserError when others keep changing it."""
        for _ in range(5):
            held = (await self.get([key])).get(key)
            if held is None:
                return None
            after = step(held.alert)
            if after is held.alert:
                return after
            if not await self.save([Stored(after, held.seq_no, held.primary_term)]):
                return after
        raise UserError(f"alert {key} is being changed by others", "try again")

    async def save(self, changed: Sequence[Stored]) -> list[str]:
        """Write all; the ids that somebody else changed meanwhile: read and decide again.

        A write whose answer was lost is seen as changed by somebody else, and decided again.
        """
        conflicts: list[str] = []
        left = list(changed)
        while left:
            results = await self._ask(partial(self._bulk, left))
            again = []
            for stored, result in zip(left, results, strict=True):
                if result["status"] == 409:
                    conflicts.append(stored.alert.id)
                elif retriable(result):
                    again.append(stored)
                elif result["status"] >= 300:
                    raise RuntimeError(f"alert {stored.alert.id} not stored: {result['error']}")
            if again and not self._patient:
                raise UserError("Elasticsearch takes no changes now", "try again in a while")
            if len(again) == len(left):
                await asyncio.sleep(1)
            left = again
        return conflicts

    async def _bulk(self, changed: Sequence[Stored]) -> list[dict[str, Any]]:
        operations: list[bytes] = []
        for stored in changed:
            meta: dict[str, Any] = {"_index": self._index, "_id": stored.alert.id}
            verb = "create"
            if stored.seq_no is not None:
                verb = "index"
                meta |= {"if_seq_no": stored.seq_no, "if_primary_term": stored.primary_term}
            operations += [orjson.dumps({verb: meta}), encode(stored.alert)]
        answer = await self._client.bulk(operations=operations)  # type: ignore[arg-type]
        return [next(iter(item.values())) for item in answer["items"]]


def _stored(hit: dict[str, Any]) -> Stored:
    alert = msgspec.convert(hit["_source"], Alert, strict=False)
    return Stored(alert, hit["_seq_no"], hit["_primary_term"])
