"""Corrections in Elasticsearch, one a field of an item, changed by compare-and-set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch, ConflictError, NotFoundError

from infra.indices import write_name
from infra.settings import Settings
from schemas.base import encode
from schemas.correction import FIELDS, Correction, Field, correction_id
from schemas.registry import CORRECTIONS

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Held:
    correction: Correction
    seq_no: int
    primary_term: int

    @property
    def version(self) -> str:
        """What a form carries to say which answer its reader saw."""
        return f"{self.seq_no}.{self.primary_term}"


class CorrectionStore:
    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._client, self._index = client, write_name(settings, CORRECTIONS)

    async def get(self, item_id: str) -> dict[Field, Held]:
        """Of one item, as of now (not as of the last refresh)."""
        ids = [correction_id(item_id, name) for name in FIELDS]
        answer = await self._client.mget(index=self._index, ids=ids)
        held = [_held(doc) for doc in answer["docs"] if doc.get("found")]
        return {each.correction.field: each for each in held}

    async def of(self, ids: Iterable[str]) -> dict[str, list[Correction]]:
        """By item id, of those that have any."""
        wanted = sorted(set(ids))
        found: dict[str, list[Correction]] = defaultdict(list)
        for start in range(0, len(wanted), PAGE):
            part = wanted[start : start + PAGE]
            answer = await self._client.search(
                index=self._index, size=min(len(part) * len(FIELDS), 10_000),
                query={"bool": {"filter": [{"terms": {"item_id": part}}]}},
                source_excludes=["text", "history"], ignore_unavailable=True,
            )  # fmt: skip
            for hit in answer["hits"]["hits"]:
                each = msgspec.convert(hit["_source"], Correction, strict=False)
                found[each.item_id].append(each)
        return dict(found)

    async def save(self, correction: Correction, seen: Held | None) -> Held | None:
        """None when somebody else wrote since `seen` (None: there was none) was read."""
        document: Any = encode(correction)
        try:
            if seen is None:
                done = await self._client.create(
                    index=self._index, id=correction.id, document=document, refresh="wait_for"
                )
            else:
                done = await self._client.index(
                    index=self._index, id=correction.id, document=document, refresh="wait_for",
                    if_seq_no=seen.seq_no, if_primary_term=seen.primary_term,
                )  # fmt: skip
        except (ConflictError, NotFoundError):
            return None
        return Held(correction, done["_seq_no"], done["_primary_term"])

    async def all(self, fields: Iterable[str] = FIELDS) -> AsyncIterator[Correction]:
        """In the order of their ids; those taken back have no values."""
        after = [""]
        while True:
            answer = await self._client.search(
                index=self._index, query={"terms": {"field": list(fields)}}, size=PAGE,
                sort=[{"id": "asc"}], search_after=after,
            )  # fmt: skip
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield msgspec.convert(hit["_source"], Correction, strict=False)
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]


def _held(doc: dict[str, Any]) -> Held:
    found = msgspec.convert(doc["_source"], Correction, strict=False)
    return Held(found, doc["_seq_no"], doc["_primary_term"])
