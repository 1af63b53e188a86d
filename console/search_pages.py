"""The page of search results, and what was found as a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from console import names
from console.actor import Actor, actor_of, require
from console.forms import page_of
from console.pages import Frame, Pages
from console.record_list import since_of
from console.search import Filters, Found, query, search
from console.search_counts import address, aggs, facets, over_time
from console.search_export import KINDS, WRITERS, begun, documents
from console.search_language import QueryError
from console.search_names import search_names
from infra.settings import Settings
from models.words import cutter
from schemas.registry import OPINIONS

PAGE = 20
LONGEST = 200  # characters of a value to narrow by
DEEPEST = 10_000  # hits; Elasticsearch's own bound. Who wants more narrows it, or takes the file.
UNASKED = {"since": "7d"}  # who just opens the page; all times are a choice of theirs
ASKED = ("q", "since", "until", "channel", "topic", "level", "copies", "sort", "page")


class SearchPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._topics = names.topics(settings.config)
        self.cutter = cutter(settings.config / "userdict.txt")
        self.names = search_names(settings.config, settings.prefix)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/search", self.search),
            Route("/search/export.{kind}", self.export),
        ]

    async def search(self, request: Request) -> Response:
        given = request.query_params or UNASKED
        asked = {name: given.get(name, "") for name in ASKED}
        require(request, "read")
        page = page_of(asked["page"], DEEPEST // PAGE)
        filters, wrong, found = _filters(given, actor_of(request)), None, Found(0)
        begin = (page - 1) * PAGE
        try:
            found = await search(
                self._client, self._index(OPINIONS), asked["q"], filters, self.cutter,
                # One more than is shown: whether the next page has anything.
                min(PAGE + 1, DEEPEST - begin), begin, self.names, asked["sort"],
                aggs(filters.since, filters.until, datetime.now(UTC)), ("text", "content"),
            )  # fmt: skip
        except QueryError as error:
            wrong = error
        return self._page(
            request, "search.html", 400 if wrong else 200, topics=self._topics, text=asked["q"],
            asked=asked, found=found, hits=found.hits[:PAGE], page=page,
            more=len(found.hits) > PAGE, deepest=DEEPEST, deep=begin + PAGE >= DEEPEST,
            wrong=wrong, facets=facets(found.counts, asked), chart=over_time(found.counts, asked),
            address=address, may_export=actor_of(request).may("export"),
        )  # fmt: skip

    async def export(self, request: Request) -> Response:
        actor = require(request, "export")
        kind, text = request.path_params["kind"], request.query_params.get("q", "")
        if kind not in KINDS:
            raise HTTPException(404, f"没有这种格式；可用：{'、'.join(KINDS)}。")
        try:
            return await self.file(request, kind, text, _filters(request.query_params, actor))
        except QueryError as error:
            raise HTTPException(400, f"检索式有误，{error}") from None

    async def file(self, request: Request, kind: str, text: str, filters: Filters) -> Response:
        """Of one of KINDS, streamed, with a line on record."""
        asked = query(text, filters, self.cutter, self.names)
        await self._audit.told(request, "export", kind, request.url.query)
        # What cannot be answered is said before the file begins: after that it could only end.
        found = await begun(documents(self._client, self._index(OPINIONS), asked))
        named = {"content-disposition": f'attachment; filename="tingchao-search.{kind}"'}
        return StreamingResponse(WRITERS[kind](found), media_type=KINDS[kind], headers=named)


def _filters(asked: Mapping[str, str], actor: Actor) -> Filters:
    """HTTPException 400 for a time that is none, or a value that nothing has."""
    if any(len(asked.get(name, "")) > LONGEST for name in ("channel", "topic", "level")):
        raise HTTPException(400, "地址里的筛选条件太长，请从检索页面重新选择。")
    return Filters(
        since_of(asked.get("since", "")), asked.get("channel", ""), asked.get("topic", ""),
        asked.get("level", ""), copies=bool(asked.get("copies")),
        until=since_of(asked.get("until", "")), seen=tuple(actor.filters("departments.id")),
    )  # fmt: skip
