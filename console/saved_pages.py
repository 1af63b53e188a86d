"""Searches that people save, to find them again or make them watch topics."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console.actor import Actor, actor_of, require, require_person
from console.forms import fields
from console.pages import Frame, Pages
from console.search_language import MOST
from console.search_pages import ASKED
from infra.saved_searches import SavedSearches
from infra.settings import Settings
from schemas.base import content_id
from schemas.errors import UserError
from schemas.saved_search import SavedSearch

NAME, LONGEST = 60, 8_000  # characters


class SavedPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._saved = SavedSearches(settings, client)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/search/saved", self.all),
            Route("/search/saved/add", self.add, methods=["POST"]),
            Route("/search/saved/remove", self.remove, methods=["POST"]),
        ]

    async def all(self, request: Request) -> Response:
        require(request, "read")
        found = await self.seen(request)
        return self._page(
            request, "saved.html", saved=[(each, dict(parse_qsl(each.asked))) for each in found]
        )

    async def seen(self, request: Request) -> list[SavedSearch]:
        return await self._saved.seen_by(actor_of(request).id)

    async def add(self, request: Request) -> Response:
        person(request)
        form = await fields(request)
        await self.keep(
            request, form.get("name", ""), form.get("asked", ""), bool(form.get("shared"))
        )
        return RedirectResponse("/search/saved", 303)

    async def keep(self, request: Request, name: str, asked: str, shared: bool) -> SavedSearch:
        """`asked`: the query of a search's address. HTTPException says what is wrong."""
        actor, name, asked = person(request), name.strip(), cleaned(asked)
        if not 0 < len(name) <= NAME:
            raise HTTPException(400, f"名称为 1 至 {NAME} 个字。")
        if not asked:
            raise HTTPException(400, "先检索，再保存。")
        if shared and not actor.may("answer"):
            raise HTTPException(403, "您的账号只能存自己用的检索，不能共享。")
        key = content_id("saved-search", actor.id, name)
        made = SavedSearch(id=key, name=name, asked=asked, owner=actor.id,
                           shared=shared, added_at=datetime.now(UTC))  # fmt: skip
        try:
            await self._saved.add(made)
        except UserError as error:
            raise HTTPException(409, f"{error.problem}（{error.remedy}）。") from None
        return made

    async def remove(self, request: Request) -> Response:
        person(request)
        form = await fields(request)
        await self.forget(request, form.get("id", "")[:100])
        return RedirectResponse("/search/saved", 303)

    async def forget(self, request: Request, key: str) -> None:
        """HTTPException 404 also for another's."""
        if not await self._saved.remove(key, person(request).id):
            raise HTTPException(404, "没有这个检索，或者它是别人存的。")


def person(request: Request) -> Actor:
    return require_person(request, "read", "程序的密钥不能保存检索。")


def cleaned(asked: str) -> str:
    """Of an address's query only what a search knows, without the page."""
    given = dict(parse_qsl(asked[:LONGEST]))
    if len(given.get("q", "")) > MOST:
        raise HTTPException(400, f"检索式至多 {MOST} 个字。")
    return urlencode({name: given[name] for name in ASKED if given.get(name) and name != "page"})
