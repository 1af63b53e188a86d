"""The REST API for reading, /api/v1: lists with cursors, single records with ETags."""

from __future__ import annotations

from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import Actor, NotTheirs, require
from console.api_cursor import after, cursor
from console.api_problem import answer, told
from console.api_resources import RESOURCES, ROOT, Resource, openapi
from console.pages import Frame, Pages
from console.search import Filters, query
from console.search_names import search_names
from infra.settings import Settings
from models.words import cutter
from schemas.base import content_id

PAGE, MOST = 50, 200


class Api(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._cutter = cutter(settings.config / "userdict.txt")
        self._names = search_names(settings.config, settings.prefix)

    def routes(self) -> list[BaseRoute]:
        return [
            Route(f"{ROOT}/openapi.json", self.described),
            Route(f"{ROOT}/{{name}}", self.list),
            Route(f"{ROOT}/{{name}}/{{id:path}}", self.get),
        ]

    async def described(self, request: Request) -> Response:
        return answer(openapi())

    @told
    async def list(self, request: Request) -> Response:
        resource, actor = _asked(request)
        wanted = request.query_params.get("limit", str(PAGE))
        if not (wanted.isascii() and wanted.isdecimal() and 1 <= int(wanted[:6]) <= MOST):
            raise ValueError(f"limit 是 1 至 {MOST} 的整数")
        filters = _seen(resource, actor)
        asked: dict[str, Any] = {"bool": {"filter": filters}}
        if resource is RESOURCES["opinions"]:
            text = request.query_params.get("q", "")
            asked = query(text, Filters(seen=tuple(filters)), self._cutter, self._names)
        found = await self._client.search(
            index=self._index(resource.index), query=asked, size=int(wanted),
            sort=[{resource.sort: "desc"}, {resource.key: "desc"}], track_total_hits=False,
            search_after=after(request.query_params.get("cursor", ""), 2),
            source_excludes=["words", "models"],
        )  # fmt: skip
        hits = found["hits"]["hits"]
        more = cursor(hits[-1]["sort"]) if len(hits) == int(wanted) else None
        return answer({"items": [hit["_source"] for hit in hits], "next": more})

    @told
    async def get(self, request: Request) -> Response:
        """404 also for what is another department's: nobody learns that it is there."""
        resource, actor = _asked(request)
        key = {"term": {resource.key: request.path_params["id"][:1_000]}}
        found = await self._client.search(
            index=self._index(resource.index), size=1, source_excludes=["words", "models"],
            query={"bool": {"filter": [key]}},
        )  # fmt: skip
        if not found["hits"]["hits"]:
            raise HTTPException(404, "没有找到。")
        it = found["hits"]["hits"][0]["_source"]
        if not _theirs(resource, actor, it):
            raise NotTheirs(request.path_params["id"])
        tag = f'"{content_id(orjson.dumps(it, option=orjson.OPT_SORT_KEYS).decode())}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return answer(it, etag=tag)


def _asked(request: Request) -> tuple[Resource, Actor]:
    resource = RESOURCES.get(request.path_params["name"])
    actor = require(request, resource.right if resource else "read")
    if resource is None:
        raise HTTPException(404, f"没有这种记录；可用：{'、'.join(RESOURCES)}。")
    if resource.whole and actor.departments:
        raise HTTPException(403, "只有能看全部处室的账号可以读取。")
    return resource, actor


def _theirs(resource: Resource, actor: Actor, it: dict[str, Any]) -> bool:
    """What is of no department is everybody's."""
    found = it["departments"] if resource.departments else []
    whose = [each["id"] if isinstance(each, dict) else each for each in found]
    return not resource.departments or actor.sees(whose)


def _seen(resource: Resource, actor: Actor) -> list[dict[str, Any]]:
    return actor.filters(resource.departments) if resource.departments else []
