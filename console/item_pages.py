"""The pages of opinions: the copies of one item."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import NotTheirs, actor_of
from console.pages import Pages
from console.spread import spread
from schemas.registry import OPINIONS


class ItemPages(Pages):
    def routes(self) -> list[BaseRoute]:
        return [Route("/clusters/{id}", self.cluster)]

    async def cluster(self, request: Request) -> Response:
        key, scope = request.path_params["id"], actor_of(request).filters("departments.id")
        found = await spread(self._client, self._index(OPINIONS), key, scope)
        if found is None and scope and await spread(self._client, self._index(OPINIONS), key):
            raise NotTheirs(key)
        if found is None:
            raise HTTPException(404, "没有这组内容。")
        return self._page(request, "spread.html", spread=found)
