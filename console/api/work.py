"""Handing in and dead letters by the API."""

from __future__ import annotations

import msgspec
from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response

from console.actor import require
from console.api.body import Sent, read
from console.api.problem import Endpoint, Told, answer
from console.api.records import DepartmentReport, Outcome, QuickReport, Settle, Taken
from console.dead_letter_pages import DeadLetterPages
from console.intake_pages import AWAY, MOST, IntakePages
from console.pages import Frame, Pages
from infra.settings import Settings


class ApiWork(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._letters = DeadLetterPages(settings, client, frame)
        self._intake = IntakePages(settings, client, frame)

    def handlers(self) -> dict[str, Endpoint]:
        return {"settle-dead-letters": self.settle, "report": self.quick,
                "report-matter": self.report}  # fmt: skip

    async def settle(self, request: Request) -> Response:
        """No If-Match: of many at once, those settled meanwhile are left alone and counted."""
        require(request, "dead_letters")
        said = await read(request, Settle)
        ids = list(dict.fromkeys(said.ids))
        return answer(Outcome(said=await self._letters.do(request, said.action, ids)))

    async def quick(self, request: Request) -> Response:
        require(request, "report")
        return await self._take(request, "quick", await read(request, QuickReport, MOST))

    async def report(self, request: Request) -> Response:
        require(request, "report")
        return await self._take(request, "report", await read(request, DepartmentReport, MOST))

    async def _take(self, request: Request, kind: str, said: Sent) -> Response:
        given: dict[str, str] = msgspec.to_builtins(said)
        given["reporter"] = given["reporter"] or require(request, "report").name
        told = await self._intake.hand_in(request, kind, given)
        if told["wrong"] == [AWAY]:
            raise Told(503, "没有写进消息队列（Kafka），请稍后再交。")
        if told["wrong"]:
            raise Told(422, "；".join(told["wrong"]), wrong=told["wrong"])
        return answer(msgspec.convert(told, Taken), 201)
