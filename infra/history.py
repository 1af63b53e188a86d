"""The stored opinions counted: items per window, and words that nobody used before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from schemas.event import Sample
from schemas.registry import OPINIONS

SAMPLED = 2_000  # documents of a window whose words are compared
Query = list[dict[str, Any]]  # filters, all of which must hold


class History:
    def __init__(self, settings: Settings, client: AsyncElasticsearch) -> None:
        self._client = client
        self._index = settings.prefix + OPINIONS.alias

    async def counts(
        self, where: Query, start: datetime, end: datetime, window: timedelta
    ) -> list[int]:
        """Of the whole windows of [start, end), counted back from `end`."""
        seconds = int(window.total_seconds())
        number = int((end - start) / window)
        first = int(end.timestamp()) - number * seconds
        answer = await self._client.search(
            index=self._index, size=0, query=_between(where, first, first + number * seconds),
            aggs={"windows": {"date_histogram": {
                "field": "published_at", "fixed_interval": f"{seconds}s",
                "offset": f"{first % seconds}s", "min_doc_count": 1,
            }}},
        )  # fmt: skip
        counts = [0] * number
        for bucket in answer["aggregations"]["windows"]["buckets"]:
            counts[(bucket["key"] // 1000 - first) // seconds] = bucket["doc_count"]
        return counts

    async def words(
        self, where: Query, end: datetime, window: timedelta, before: timedelta, least: int
    ) -> list[tuple[str, int, int]]:
        """(word, documents of the window, documents of the days before); the unusual ones.

        `where` is of the window alone: a word is new that nobody used anywhere. Without any
        document before there is nothing to compare with, and no word is new.
        """
        last, start = int(end.timestamp()), int((end - window).timestamp())
        past = _between([], int((end - before).timestamp()), start)
        answer = await self._client.search(
            index=self._index, size=0, query=_between(where, start, last),
            aggs={"sample": {
                "sampler": {"shard_size": SAMPLED},
                "aggs": {"words": {"significant_text": {
                    "field": "words", "size": 100, "min_doc_count": least,
                    "background_filter": past,
                }}},
            }},
        )  # fmt: skip
        return [
            (bucket["key"], bucket["doc_count"], bucket["bg_count"])
            for bucket in answer["aggregations"]["sample"]["words"]["buckets"]
        ]

    async def samples(
        self, where: Query, end: datetime, window: timedelta, size: int = 5
    ) -> list[Sample]:
        """The gravest items of a window: evidence of what a rule says."""
        start = int((end - window).timestamp())
        answer = await self._client.search(
            index=self._index, size=size, query=_between(where, start, int(end.timestamp())),
            sort=[{"severity.score": "desc"}, {"published_at": "desc"}],
            source_includes=["id", "source", "published_at", "title", "content"],
        )  # fmt: skip
        return [
            Sample(
                id=source["id"], source=source["source"], title=source["title"],
                published_at=datetime.fromisoformat(source["published_at"]),
                content=source["content"],
            )
            for hit in answer["hits"]["hits"] if (source := hit["_source"])
        ]  # fmt: skip


def _between(where: Query, start: int, end: int) -> dict[str, Any]:
    """`start` and `end` in epoch seconds; the end is not in it."""
    span = {"gte": start, "lt": end, "format": "epoch_second"}
    return {"bool": {"filter": [*where, {"range": {"published_at": span}}]}}
