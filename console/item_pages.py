"""The pages of opinions: the copies of one item."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.pages import Pages
from console.spread import spread
from schemas.registry import OPINIONS


class ItemPages(Pages):
    def routes(self) -> list[BaseRoute]:
        return [Route("/clusters/{id}", self.cluster)]

    async def cluster(self, request: Request) -> Response:
        found = await spread(self._client, self._index(OPINIONS), request.path_params["id"])
        if found is None:
            raise HTTPException(404, "没有这组内容。")
        return self._page(request, "spread.html", spread=found)
