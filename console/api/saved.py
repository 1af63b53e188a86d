"""Saved searches by the API: of people who logged in, as on their page."""

from __future__ import annotations

from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response

from console.api.body import read
from console.api.problem import Endpoint, answer
from console.api.saved_records import SavedList, SearchMade
from console.pages import Frame, Pages
from console.saved_pages import SavedPages, person
from infra.settings import Settings


class ApiSaved(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._saved = SavedPages(settings, client, frame)

    def handlers(self) -> dict[str, Endpoint]:
        return {"list-saved-searches": self.all, "save-search": self.add,
                "remove-saved-search": self.remove}  # fmt: skip

    async def all(self, request: Request) -> Response:
        person(request)
        return answer(SavedList(items=await self._saved.seen(request)))

    async def add(self, request: Request) -> Response:
        person(request)
        said = await read(request, SearchMade)
        return answer(await self._saved.keep(request, said.name, said.asked, said.shared), 201)

    async def remove(self, request: Request) -> Response:
        """Without If-Match: only its owner may, and nobody can change it."""
        await self._saved.forget(request, request.path_params["id"])
        return Response(status_code=204)
