"""Chinese full-text search over opinions: the query, the hits, the highlights.

The raw text is indexed by single characters, so a phrase there is exact; the
`words` field holds the text cut by jieba, and the query is cut the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from elasticsearch import AsyncElasticsearch

from models.words import Cutter

_PART = re.compile(r'(-?)(?:"([^"]+)"|(\S+))')
MAX_QUERY = 500  # characters
MARK = ("\ue000", "\ue001")  # private-use characters around a hit, made safe by the reader


@dataclass(frozen=True)
class Filters:
    since: datetime | None = None
    channel: str = ""
    topic: str = ""
    level: str = ""
    copies: bool = False  # show each copy, not only the best of a cluster


@dataclass(frozen=True)
class Hit:
    id: str
    source: dict[str, Any]
    title: str  # with MARK around what matched
    snippet: str
    copies: int = 0


@dataclass(frozen=True)
class Found:
    total: int
    hits: list[Hit] = field(default_factory=list)


def query(text: str, filters: Filters, cutter: Cutter) -> dict[str, Any]:
    """All the words and "phrases" of `text`, none of those after a minus."""
    must: list[dict[str, Any]] = []
    must_not: list[dict[str, Any]] = []
    for minus, phrase, word in _PART.findall(text[:MAX_QUERY]):
        clause = _clause(phrase or word, cutter, exact=bool(phrase))
        (must_not if minus else must).append(clause)
    return {"bool": {"must": must, "must_not": must_not, "filter": _filters(filters)}}


def _clause(text: str, cutter: Cutter, exact: bool) -> dict[str, Any]:
    should: list[dict[str, Any]] = [
        {"match_phrase": {"title": {"query": text, "boost": 3}}},
        {"match_phrase": {"text": {"query": text, "boost": 2}}},
    ]
    (words,) = cutter.cut_batch([text])
    if not exact and words:
        should.append({"match": {"words": {"query": words, "operator": "and"}}})
    return {"bool": {"should": should, "minimum_should_match": 1}}


def _filters(filters: Filters) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if filters.since:
        found.append({"range": {"published_at": {"gte": filters.since.isoformat()}}})
    for name, value in (
        ("channel", filters.channel), ("topics.label", filters.topic),
        ("severity.level", filters.level),
    ):  # fmt: skip
        if value:
            found.append({"term": {name: value}})
    return found


async def search(
    client: AsyncElasticsearch,
    index: str,
    text: str,
    filters: Filters,
    cutter: Cutter,
    size: int,
    offset: int = 0,
    scope: Sequence[dict[str, Any]] = (),
) -> Found:
    """The best first; without words, the latest first. Copies are shown once, counted."""
    options: dict[str, Any] = {}
    if not filters.copies:
        options["collapse"] = {"field": "cluster_id"}
    by_time = {"published_at": "desc"}
    answer = await client.search(
        index=index,
        query={"bool": {"must": query(text, filters, cutter), "filter": list(scope)}},
        sort=[{"_score": "desc"}, by_time] if text.strip() else [by_time],
        size=size,
        from_=offset,
        source_excludes=["words", "models"],
        track_total_hits=True,
        highlight={
            "pre_tags": [MARK[0]],
            "post_tags": [MARK[1]],
            "max_analyzed_offset": 100_000,
            "fields": {
                "title": {"number_of_fragments": 0},
                "text": {"fragment_size": 120, "number_of_fragments": 1},
            },
        },
        **options,
    )
    hits = answer["hits"]
    copies = await _copies(client, index, hits["hits"], scope) if not filters.copies else {}
    return Found(hits["total"]["value"], [_hit(raw, copies) for raw in hits["hits"]])


async def _copies(
    client: AsyncElasticsearch, index: str, hits: list[dict[str, Any]],
    scope: Sequence[dict[str, Any]],
) -> dict[str, int]:  # fmt: skip
    """cluster -> how many other items share it."""
    clusters = [hit["_source"]["cluster_id"] for hit in hits]
    if not clusters:
        return {}
    answer = await client.search(
        index=index,
        query={"bool": {"filter": [{"terms": {"cluster_id": clusters}}, *scope]}},
        size=0,
        aggs={"clusters": {"terms": {"field": "cluster_id", "size": len(clusters)}}},
    )
    buckets = answer["aggregations"]["clusters"]["buckets"]
    return {bucket["key"]: bucket["doc_count"] - 1 for bucket in buckets}


def _hit(raw: dict[str, Any], copies: dict[str, int]) -> Hit:
    source, marked = raw["_source"], raw.get("highlight", {})
    return Hit(
        id=raw["_id"],
        source=source,
        title=marked.get("title", [source.get("title", "")])[0],
        snippet=marked.get("text", [source.get("text", "")[:120]])[0],
        copies=copies.get(source["cluster_id"], 0),
    )
