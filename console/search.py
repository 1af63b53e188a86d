"""Chinese full-text search over opinions: the order, the hits, the highlights.

The raw text is indexed by single characters, so a phrase there is exact; the
`words` field holds the text cut by jieba, and the query is cut the same way. The language is
that of `console.search_language`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import AsyncElasticsearch

from console.search_fields import Names
from console.search_query import PLAIN, Filters, query, wider
from models.words import Cutter

MARK = ("\ue000", "\ue001")  # private-use characters around a hit, made safe by the reader
HIGHLIGHT = {
    "pre_tags": [MARK[0]],
    "post_tags": [MARK[1]],
    "max_analyzed_offset": 100_000,
    "fields": {
        "title": {"number_of_fragments": 0},
        "text": {"fragment_size": 120, "number_of_fragments": 1, "no_match_size": 120},
    },
}


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
    counts: dict[str, Any] = field(default_factory=dict)  # the aggregations that were asked for
    close: int = 0  # further ones that have some of the words, where those with all left room


_BY_TIME: dict[str, Any] = {"published_at": "desc"}
_HEAT = ("counts.reposts", "counts.comments", "counts.likes", "counts.views")
ORDERS: dict[str, list[dict[str, Any]]] = {
    "relevance": [{"_score": "desc"}, _BY_TIME],
    "time": [_BY_TIME],
    "severity": [{"severity.score": "desc"}, _BY_TIME],
    "heat": [*({name: {"order": "desc", "missing": "_last"}} for name in _HEAT), _BY_TIME],
}


def order(name: str) -> list[dict[str, Any]]:
    return ORDERS.get(name, ORDERS["time"])


async def search(
    client: AsyncElasticsearch,
    index: str,
    text: str,
    filters: Filters,
    cutter: Cutter,
    size: int,
    offset: int = 0,
    names: Names = PLAIN,
    sort: str = "",
    aggs: dict[str, Any] | None = None,
    without: tuple[str, ...] = (),  # fields that the caller does not show
) -> Found:
    """The best first; without words, the latest first. Copies are shown once, counted. Where the
    documents that have every word do not fill the page, those that come close follow."""
    sort = sort or ("relevance" if text.strip() else "time")
    asked = query(text, filters, cutter, names)

    def find(wanted: dict[str, Any], **more: Any) -> Awaitable[Any]:
        if not filters.copies:
            more["collapse"] = {"field": "cluster_id"}
        return client.search(
            index=index, query=wanted, sort=order(sort), size=size, from_=offset,
            source_excludes=["words", "models", *without], track_total_hits=True,
            highlight=HIGHLIGHT, **more,
        )  # fmt: skip

    answer = await find(asked, **({"aggs": aggs} if aggs else {}))
    counts, total, near = dict(answer.get("aggregations", {})), _total(answer), 0
    if len(answer["hits"]["hits"]) < size and sort == "relevance":
        # The whole before the close, in one order: pages go on where the last one ended.
        close = wider(text, filters, cutter, names, asked)
        if close is not None:
            answer = await find(close)
            near = _total(answer) - total
    hits = answer["hits"]["hits"]
    copies = await _copies(client, index, hits, filters) if not filters.copies else {}
    return Found(total, [_hit(raw, copies) for raw in hits], counts, near)


def _total(answer: Any) -> int:
    return int(answer["hits"]["total"]["value"])


async def _copies(
    client: AsyncElasticsearch, index: str, hits: list[dict[str, Any]], filters: Filters
) -> dict[str, int]:
    """cluster -> how many other items share it."""
    clusters = [hit["_source"]["cluster_id"] for hit in hits]
    if not clusters:
        return {}
    answer = await client.search(
        index=index,
        query={"bool": {"filter": [{"terms": {"cluster_id": clusters}}, *filters.seen]}},
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
