"""The page of search results."""

from __future__ import annotations

from datetime import UTC, datetime

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console import names
from console.actor import require
from console.pages import Frame, Pages
from console.search import Filters, search
from infra.settings import Settings
from models.words import cutter
from schemas.errors import UserError
from schemas.registry import OPINIONS
from schemas.when import since

PAGE = 20


class SearchPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._topics = names.topics(settings.config)
        self._cutter = cutter(settings.config / "userdict.txt")

    def routes(self) -> list[BaseRoute]:
        return [Route("/search", self.search)]

    async def search(self, request: Request) -> Response:
        asked = request.query_params
        text = asked.get("q", "")
        page = max(1, min(_number(asked.get("page"), 1), 500))
        try:
            after = since(asked["since"], datetime.now(UTC)) if asked.get("since") else None
        except UserError as error:
            raise HTTPException(400, f"时间范围有误：{asked['since']}（{error.remedy}）") from None
        filters = Filters(
            after, asked.get("channel", ""), asked.get("topic", ""), asked.get("level", ""),
            copies=bool(asked.get("copies")),
        )  # fmt: skip
        found = await search(
            self._client, self._index(OPINIONS), text, filters, self._cutter, PAGE,
            (page - 1) * PAGE, require(request, "read").filters("departments.id"),
        )  # fmt: skip
        return self._page(
            request, "search.html", topics=self._topics, text=text, asked=asked, found=found,
            page=page, more=page * PAGE < min(found.total, 10_000),
        )  # fmt: skip


def _number(text: str | None, otherwise: int) -> int:
    try:
        return int(text or otherwise)
    except ValueError:
        return otherwise
