"""The REST API, /api/v1: its routes, made from the table of its operations."""

from __future__ import annotations

from elasticsearch import AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.api_accounts import ApiAccounts
from console.api_changes import ApiChanges
from console.api_description import openapi
from console.api_events import ApiEvents
from console.api_keys import ApiKeys
from console.api_operations import operations
from console.api_overview import ApiOverview
from console.api_problem import Endpoint, answer
from console.api_reading import ApiReading
from console.api_resources import RESOURCES, ROOT
from console.api_rules import ApiRules
from console.api_saved import ApiSaved
from console.api_table import ApiTable
from console.api_trials import ApiTrials
from console.api_ways import Ways
from console.api_work import ApiWork
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
