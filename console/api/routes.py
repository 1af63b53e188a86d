"""The REST API, /api/v1: its routes, made from the table of its operations."""

from __future__ import annotations

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.api.accounts import ApiAccounts
from console.api.changes import ApiChanges
from console.api.description import openapi
from console.api.events import ApiEvents
from console.api.keys import ApiKeys
from console.api.operations import operations
from console.api.overview import ApiOverview
from console.api.problem import Endpoint, answer
from console.api.reading import ApiReading
from console.api.related import ApiRelated
from console.api.resources import RESOURCES, ROOT
from console.api.rules import ApiRules
from console.api.saved import ApiSaved
from console.api.search import ApiSearch
from console.api.table import ApiTable
from console.api.trials import ApiTrials
from console.api.ways import Ways
from console.api.work import ApiWork
from console.pages import Frame, Pages
from infra.settings import Settings


class Api(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._parts = (
            ApiChanges(settings, client, frame), ApiEvents(settings, client, frame),
            ApiRules(settings, client, frame), ApiTrials(settings, client, frame),
            ApiAccounts(settings, client, frame), ApiKeys(settings, client, frame),
            ApiSaved(settings, client, frame), ApiOverview(settings, client, frame),
            ApiSearch(settings, client, frame), ApiRelated(settings, client, frame),
            ApiWork(settings, client, frame), ApiTable(settings, client, frame),
            ApiReading(settings, client, frame),
        )  # fmt: skip

    def routes(self) -> list[BaseRoute]:
        handlers: dict[str, Endpoint] = {}
        for part in self._parts:
            handlers |= part.handlers()
        return [
            Route(f"{ROOT}/openapi.json", Ways({"GET": self.described})),
            *(
                # Ids of dead letters have slashes; others stay one part of the address.
                Route(path.replace("dead-letters/{id}", "dead-letters/{id:path}"), Ways(
                    {method: handlers[each.name] for method, each in methods.items()}
                ))
                for path, methods in operations().items()
            ),
            Route(f"{ROOT}/{{rest:path}}", self.nothing, name="nothing",
                  methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]  # fmt: skip

    async def nothing(self, request: Request) -> Response:
        raise HTTPException(404, f"没有这个地址；记录有：{'、'.join(RESOURCES)}。")

    async def described(self, request: Request) -> Response:
        return answer(openapi())
