"""Forms for what people saw themselves: a link or a text, and a department's report (A3, A4)."""

from __future__ import annotations

from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import require
from console.forms import fields
from console.pages import Frame, Pages
from infra.settings import Settings
from infra.subcommand import run
from models.names import department_names

SECONDS = 90.0
MOST = 512 * 1024  # bytes: 20,000 characters as a form sends them, and more
AWAY = "没有写进消息队列（Kafka），内容还在下面，请稍后再交。"


class IntakePages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._departments = department_names(settings.config)
        self._more = ["--allow-loopback"] if settings.console_loopback else []

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/intake", self.quick, methods=["GET", "POST"]),
            Route("/intake/report", self.report, methods=["GET", "POST"]),
        ]

    async def quick(self, request: Request) -> Response:
        """GET is filled by the bookmarklet."""
        return await self._form(request, "quick", ("url", "words"))

    async def report(self, request: Request) -> Response:
        """GET may name the matter of which this is an update."""
        return await self._form(request, "report", ("matter", "title"))

    async def _form(self, request: Request, kind: str, asked: tuple[str, ...]) -> Response:
        actor = require(request, "report")
        template = f"intake_{kind}.html"
        if request.method == "GET":
            given = {name: request.query_params.get(name, "")[:2048] for name in asked}
            if len(actor.departments) == 1:
                given["department"] = self._departments.get(next(iter(actor.departments)), "")
            given |= {"reporter": actor.name, "site": str(request.base_url).rstrip("/")}
            return self._page(request, template, given=given, wrong=[])
        given = await fields(request, MOST)
        told = await self.hand_in(request, kind, given)
        if told["wrong"]:
            status = 503 if told["wrong"] == [AWAY] else 422
            given["site"] = ""
            return self._page(request, template, status, given=given, wrong=told["wrong"])
        return self._page(request, "intake_taken.html", **told)

    async def hand_in(self, request: Request, kind: str, given: dict[str, str]) -> dict[str, Any]:
        """What became of it; `wrong` says what has to be filled in otherwise."""
        require(request, "report")
        code, out, _ = await run(
            "intake", "hand-in", kind, *self._more, stdin=orjson.dumps(given), seconds=SECONDS
        )
        if code != 0:
            return {"wrong": [AWAY]}
        found: dict[str, Any] = orjson.loads(out)
        if not isinstance(found, dict):
            raise HTTPException(500, "读不懂结果。")
        if not found["wrong"]:  # the title is not masked yet, and not told
            await self._audit.told(request, "report", found["matter"])
        return found
