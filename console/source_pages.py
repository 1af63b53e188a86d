"""The sources for people: how each does, and an address tried and made a source."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import msgspec
import orjson
from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console.actor import require
from console.forms import fields
from console.pages import Frame, Pages
from infra.settings import Settings
from infra.subcommand import run
from schemas.registry import SOURCE_HEALTH
from schemas.source_health import SourceHealth

SECONDS = 90.0
SHOWN = 1_000
_WORST_FIRST = ("broken", "layout", "silent", "new", "fine")
_EMPTY: dict[str, Any] = {"url": "", "found": None, "why": "", "draft": "", "wrong": ""}


class SourcePages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._more = ["--allow-loopback"] if settings.console_loopback else []
        self._trials = asyncio.Semaphore(2)  # each is a process that fetches

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sources", self.all),
            Route("/sources/try", self.attempt, methods=["POST"]),
            Route("/sources/save", self.save, methods=["POST"]),
        ]

    async def all(self, request: Request) -> Response:
        answer = await self._client.search(
            index=self._index(SOURCE_HEALTH), size=SHOWN, sort=["source"]
        )
        states = [
            msgspec.convert(hit["_source"], SourceHealth, strict=False)
            for hit in answer["hits"]["hits"]
        ]
        states.sort(key=lambda state: _WORST_FIRST.index(state.status))
        saved = request.query_params.get("saved", "")[:100]
        return self._page(request, "sources.html", states=states, saved=saved, **_EMPTY)

    async def attempt(self, request: Request) -> Response:
        """Fetches the address as a crawl would: guarded, within limits, obeying robots.txt."""
        require(request, "sources")
        url = (await fields(request)).get("url", "").strip()
        values = _EMPTY | {"url": url}
        if urlsplit(url).scheme not in ("http", "https") or len(url) > 2_048:
            return self._draft(
                request, values | {"wrong": "地址要以 http:// 或 https:// 开头"}, 422
            )
        async with self._trials:
            options = ["--json", *self._more, "--", url]
            code, out, _ = await run("source", "try", *options, seconds=SECONDS)
        try:
            told = orjson.loads(out)
        except orjson.JSONDecodeError:
            told = {"found": None, "why": "timeout" if code is None else "other", "draft": ""}
        return self._draft(
            request, values | {name: told[name] for name in ("found", "why", "draft")}
        )

    async def save(self, request: Request) -> Response:
        require(request, "sources")
        form = await fields(request)
        draft = form.get("draft", "").replace("\r\n", "\n")
        code, out, told = await run(
            "source", "write", *self._more, stdin=draft.encode(), seconds=SECONDS
        )
        if code:
            wrong = told.strip().removeprefix("tingchao: ")
            values = _EMPTY | {"url": form.get("url", "")[:2_048], "draft": draft, "wrong": wrong}
            return self._draft(request, values, 422)
        await self._audit.told(request, "source", out.decode().strip())
        return RedirectResponse(f"/sources?saved={out.decode().strip()}", 303)

    def _draft(self, request: Request, values: dict[str, Any], status: int = 200) -> Response:
        return self._page(request, "source.html", status, **values)
