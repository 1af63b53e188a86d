"""The search by the API: hits, counts and a file, as its page has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response

from console.actor import Actor, require
from console.api.parameters import PAGED, Given, Takes, choices, given
from console.api.problem import Endpoint, answer, told
from console.api.search_records import Period, SearchFound, SearchHit
from console.cursor import after, cursor
from console.pages import Frame, Pages
from console.search import ORDERS, Filters, Hit, search
from console.search_counts import FACETS, aggs
from console.search_export import KINDS
from console.search_fields import FIELDS
from console.search_pages import DEEPEST, SearchPages
from console.words import marked
from infra.settings import Settings
from schemas.analysis import LEVELS
from schemas.event import Tally
from schemas.opinion import Opinion
from schemas.registry import OPINIONS

_NARROWED: Takes = {
    "q": (), "since": (), "until": (), "channel": choices(Opinion, "channel"), "topic": (),
    "level": tuple(LEVELS),
}  # fmt: skip
SEARCH: Takes = {**PAGED, **_NARROWED, "copies": ("1",), "sort": tuple(ORDERS)}
EXPORT: Takes = {**_NARROWED, "kind": tuple(KINDS)}
DEEP = f"一次检索至多翻到第 {DEEPEST:,} 条；请缩小范围，或用 search/export 取文件"


class ApiSearch(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._pages = SearchPages(settings, client, frame)

    def handlers(self) -> dict[str, Endpoint]:
        return {"search": self.search, "export": self.export}

    @told
    async def search(self, request: Request) -> Response:
        actor, asked = require(request, "read"), given(request, SEARCH)
        begin, filters, now = _begin(asked), _filters(asked, actor), datetime.now(UTC)
        found = await search(
            self._client, self._index(OPINIONS), asked.one("q"), filters, self._pages.cutter,
            # One more than is given: whether there is a next page.
            min(asked.limit + 1, DEEPEST - begin), begin, self._pages.names, asked.one("sort"),
            aggs(filters.since, filters.until, now), ("text", "content"),
        )  # fmt: skip
        end = begin + asked.limit
        return answer(SearchFound(
            total=found.total, close=found.close,
            items=[_hit(hit) for hit in found.hits[: asked.limit]],
            counts={FIELDS[name]: _tallies(found.counts.get(name, {})) for name in FACETS},
            over_time=[
                Period(begins=datetime.fromisoformat(each["key_as_string"]),
                        count=each["doc_count"])
                for each in found.counts.get("over_time", {}).get("buckets", ())
            ],
            next=cursor(_order(asked), [end]) if len(found.hits) > asked.limit else None,
        ))  # fmt: skip

    @told
    async def export(self, request: Request) -> Response:
        actor, asked = require(request, "export"), given(request, EXPORT)
        return await self._pages.file(
            request, asked.one("kind") or "jsonl", asked.one("q"), _filters(asked, actor)
        )


def _begin(asked: Given) -> int:
    """ValueError for a cursor of something else, or deeper than a search goes."""
    (begin,) = after(_order(asked), asked.one("cursor"), 1) or [0]
    if not isinstance(begin, int) or begin < 0:
        raise ValueError("cursor 不是检索给出的")
    if begin >= DEEPEST:
        raise ValueError(DEEP)
    return begin


def _order(asked: Given) -> str:
    return f"search {asked.one('sort')}".strip()


def _filters(asked: Given, actor: Actor) -> Filters:
    return Filters(
        asked.time("since"), asked.one("channel"), asked.one("topic"), asked.one("level"),
        copies=bool(asked.one("copies")), until=asked.time("until"),
        seen=tuple(actor.filters("departments.id")),
    )  # fmt: skip


def _hit(hit: Hit) -> SearchHit:
    told = {
        "title": str(marked(hit.title)), "snippet": str(marked(hit.snippet)), "copies": hit.copies,
    }  # fmt: skip
    return msgspec.convert(hit.source | told, SearchHit, strict=False)


def _tallies(counted: dict[str, Any]) -> list[Tally]:
    return [
        Tally(label=each["key"], count=each["doc_count"]) for each in counted.get("buckets", ())
    ]
