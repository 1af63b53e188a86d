"""The sources for people: how each does, and an address tried and made a source."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import msgspec
import orjson
import structlog
from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console import flash
from console.actor import require
from console.forms import fields
from console.pages import Frame, Pages
from infra.settings import Settings
from infra.subcommand import run
from schemas.registry import SOURCE_HEALTH
from schemas.source_health import SourceHealth

log = structlog.get_logger("tingchao.console")
SECONDS = 90.0
SHOWN = 1_000
TRIALS = asyncio.Semaphore(2)  # of pages and of the API: each is a process that fetches
BAD = "地址要以 http:// 或 https:// 开头"
BROKEN = "存不了，原因在控制台的日志里"
SLOW = "一分半钟没有存完，请稍后看看来源里有没有它"
_WORST_FIRST = ("broken", "layout", "silent", "new", "fine")
_EMPTY: dict[str, Any] = {"url": "", "found": None, "why": "", "draft": "", "wrong": ""}


class SourcePages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._more = ["--allow-loopback"] if settings.console_loopback else []

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
        return self._page(request, "sources.html", states=states, **_EMPTY)

    async def attempt(self, request: Request) -> Response:
        require(request, "sources")
        url = (await fields(request)).get("url", "").strip()
        told = await self.trial(url)
        if told is None:
            return self._draft(request, _EMPTY | {"url": url, "wrong": BAD}, 422)
        return self._draft(request, _EMPTY | {"url": url} | told)

    async def trial(self, url: str) -> dict[str, Any] | None:
        """Fetches the address as a crawl would: guarded, within limits, obeying robots.txt. What
        was `found` there, or `why` nothing, and the `draft` of a source; None for no address."""
        try:
            known = urlsplit(url).scheme in ("http", "https") and len(url) <= 2_048
        except ValueError:  # as of http://[
            known = False
        if not known:
            return None
        async with TRIALS:
            options = ["--json", *self._more, "--", url]
            code, out, _ = await run("source", "try", *options, seconds=SECONDS)
        try:
            told = orjson.loads(out)
        except orjson.JSONDecodeError:
            told = {"found": None, "why": "timeout" if code is None else "other", "draft": ""}
        return {name: told[name] for name in ("found", "why", "draft")}

    async def save(self, request: Request) -> Response:
        require(request, "sources")
        form = await fields(request)
        draft = form.get("draft", "").replace("\r\n", "\n")
        name, wrong = await self.write(request, draft)
        if wrong:
            values = _EMPTY | {"url": form.get("url", "")[:2_048], "draft": draft, "wrong": wrong}
            return self._draft(request, values, 422)
        return flash.go("/sources", f"已保存 {name}，采集调度会在半分钟内读到它。")

    async def write(self, request: Request, draft: str) -> tuple[str, str]:
        """(the source's name, ""), or ("", what is wrong with it)."""
        require(request, "sources")
        code, out, told = await run(
            "source", "write", *self._more, stdin=draft.encode(), seconds=SECONDS
        )
        if code != 0:
            if "Traceback (most recent call last)" in told:  # ours to read, not theirs
                log.error("a source could not be written", told=told[-2_000:])
                return "", BROKEN
            return "", told.strip().removeprefix("tingchao: ") or SLOW
        name = out.decode().strip()
        await self._audit.told(request, "source", name)
        return name, ""

    def _draft(self, request: Request, values: dict[str, Any], status: int = 200) -> Response:
        return self._page(request, "source.html", status, **values)
