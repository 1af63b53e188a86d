"""Ways to search the stored opinions: the console's, and two that Elasticsearch brings along."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from elasticsearch import AsyncElasticsearch

from benchmarks.ndcg import DEPTH
from console.search import Filters, search
from console.search_names import search_names
from infra.settings import Settings
from models.words import cutter
from schemas.registry import OPINIONS

Way = Callable[[str], Awaitable[list[str]]]  # a query -> the clusters found, the best first
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_MOST = 10_000  # documents of the demo corpus, far fewer


async def corpus(config: Settings, client: AsyncElasticsearch) -> list[dict[str, Any]]:
    """Every stored opinion, with what names it."""
    answer = await client.search(
        index=config.prefix + OPINIONS.alias, size=_MOST,
        source_includes=["title", "text", "cluster_id"],
    )  # fmt: skip
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def ours(config: Settings, client: AsyncElasticsearch) -> Way:
    """As the console and `tingchao search` ask."""
    names, dictionary = search_names(config.config), cutter(config.config / "userdict.txt")

    async def way(text: str) -> list[str]:
        found = await search(
            client, config.prefix + OPINIONS.alias, text, Filters(), dictionary, DEPTH, names=names
        )
        return [hit.source["cluster_id"] for hit in found.hits]

    return way


def plain(client: AsyncElasticsearch, index: str) -> Way:
    """`simple_query_string` as it comes: any word may match; copies are collapsed as in ours."""

    async def way(text: str) -> list[str]:
        answer = await client.search(
            index=index, size=DEPTH, collapse={"field": "cluster_id"},
            source_includes=["cluster_id"],
            query={"simple_query_string": {"query": text, "fields": ["title", "text"]}},
        )  # fmt: skip
        return [hit["_source"]["cluster_id"] for hit in answer["hits"]["hits"]]

    return way


@asynccontextmanager
async def pairs(
    config: Settings, client: AsyncElasticsearch, documents: list[dict[str, Any]]
) -> AsyncIterator[Way]:
    """The same over pairs of characters, as the `cjk` analyser cuts. They are cut here, for the
    Elasticsearch that `tingchao stack` starts is without the module that has it."""
    index = f"{config.prefix}search-quality-pairs"
    text = {"type": "text", "analyzer": "whitespace"}
    await client.options(ignore_status=404).indices.delete(index=index)
    await client.indices.create(
        index=index,
        settings={"number_of_replicas": 0},
        mappings={"properties": {"title": text, "text": text, "cluster_id": {"type": "keyword"}}},
    )
    try:
        lines: list[dict[str, Any]] = []
        for each in documents:
            cut = {name: _pairs(each.get(name, "")) for name in ("title", "text")}
            lines += [{"index": {}}, cut | {"cluster_id": each["cluster_id"]}]
        answer = await client.bulk(index=index, operations=lines, refresh=True)
        assert not answer["errors"]
        way = plain(client, index)
        yield lambda query: way(_pairs(query))
    finally:
        await client.indices.delete(index=index)


def _pairs(text: str) -> str:
    """Chinese in overlapping pairs, a lone character as it is, all else in lower case."""
    found: list[str] = []
    for run in _RUN.findall(text.lower()):
        if len(run) < 2 or run.isascii():
            found.append(run)
        else:
            found += [run[at : at + 2] for at in range(len(run) - 1)]
    return " ".join(found)
