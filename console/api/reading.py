"""Reading by the REST API: lists with cursors, single records with ETags."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch, NotFoundError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.actor import Actor, NotTheirs, require
from console.api.lists import Lists
from console.api.match import etag, unchanged
from console.api.parameters import given
from console.api.problem import Endpoint, answer, told
from console.api.resources import HIDDEN, RESOURCES, Resource
from console.cursor import after, cursor
from console.pages import Frame, Pages
from infra.settings import Settings


class ApiReading(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._lists = Lists(settings, client)

    def handlers(self) -> dict[str, Endpoint]:
        found: dict[str, Endpoint] = {}
        for name, each in RESOURCES.items():
            found[f"list-{name}"] = partial(self.list, resource=each)
            found[f"get-{name}"] = partial(self.get, resource=each)
        return found

    @told
    async def list(self, request: Request, resource: Resource) -> Response:
        actor = _asker(request, resource)
        asked = given(request, resource.takes, many=resource.terms)
        which = f"{resource.index.alias} {asked.one('sort')}".strip()
        query, sort = await self._lists.asked(resource, asked, actor)
        found = await self._client.search(
            index=self._index(resource.index), query=query, size=asked.limit, sort=sort,
            track_total_hits=False, search_after=after(which, asked.one("cursor"), len(sort)),
            source_excludes=HIDDEN,
        )  # fmt: skip
        hits = found["hits"]["hits"]
        more = cursor(which, hits[-1]["sort"]) if len(hits) == asked.limit else None
        return answer({"items": [hit["_source"] for hit in hits], "next": more})

    @told
    async def get(self, request: Request, resource: Resource) -> Response:
        """404 also for what is another department's: nobody learns that it is there."""
        actor, key = _asker(request, resource), request.path_params["id"]
        it = await self._find(resource, key)
        if it is None:
            raise HTTPException(404, "没有找到。")
        if not await self._theirs(resource, actor, it):
            raise NotTheirs(key)
        tag = etag(msgspec.convert(it, resource.index.record, strict=False))
        if unchanged(request, tag):
            return Response(status_code=304, headers={"etag": tag})
        return answer(it, etag=tag)

    async def _theirs(self, resource: Resource, actor: Actor, it: dict[str, Any]) -> bool:
        """What is of no department is everybody's; a delivery is its alert's."""
        if resource is RESOURCES["deliveries"] and actor.departments:
            alert = await self._find(RESOURCES["alerts"], it["alert_id"])
            return alert is not None and actor.sees(alert["departments"])
        found = it["departments"] if resource.departments else []
        whose = [each["id"] if isinstance(each, dict) else each for each in found]
        return not resource.departments or actor.sees(whose)

    async def _find(self, resource: Resource, key: str) -> dict[str, Any] | None:
        """As of now where it can be had so: an ETag of the last refresh would be late for those
        who change what they have read."""
        index = self._index(resource.index)
        if resource.key == "id" and not resource.index.monthly:
            try:
                found = await self._client.get(index=index, id=key, source_excludes=HIDDEN)
            except NotFoundError:
                return None
            return dict(found["_source"])
        asked = {"bool": {"filter": [{"term": {resource.key: key}}]}}
        listed = await self._client.search(index=index, size=1, source_excludes=HIDDEN, query=asked)
        hits = listed["hits"]["hits"]
        return dict(hits[0]["_source"]) if hits else None


def _asker(request: Request, resource: Resource) -> Actor:
    actor = require(request, resource.right)
    if resource.whole and actor.departments:
        raise HTTPException(403, "只有能看全部处室的账号可以读取。")
    return actor
