"""Rules and watch topics by the API: checked as their pages check them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TypeVar

from elasticsearch import AsyncElasticsearch
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from console import rule_files
from console.actor import require
from console.api.body import read
from console.api.match import check, etag, shown, stale, unchanged
from console.api.problem import Endpoint, Told, answer
from console.api.records import Outcome, Rule, RuleName, RuleNames, RuleText, WatchMade
from console.api.resources import ROOT
from console.pages import Frame, Pages
from console.rule_files import KINDS, Kind
from console.rule_pages import MOST, RulePages, kind_of
from console.watch_pages import NONE, WatchPages, watch_of
from infra.settings import Settings
from models.watch import Watch
from schemas.errors import UserError

R = TypeVar("R", bound=RuleText)
_LINE = re.compile(r"\bline (\d+)")


class ApiRules(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._rules = RulePages(settings, client, frame)
        self._watches = WatchPages(settings, client, frame)

    def handlers(self) -> dict[str, Endpoint]:
        return {
            "list-rules": self.rules, "get-rules": self.rule, "save-rules": self.save,
            "check-rules": self.check, "add-watch": self.add, "remove-watch": self.remove,
        }  # fmt: skip

    async def rules(self, request: Request) -> Response:
        require(request, "rules")
        names = [RuleName(name=name, title=k.title, file=k.file) for name, k in KINDS.items()]
        return answer(RuleNames(items=names))

    async def rule(self, request: Request) -> Response:
        require(request, "rules")
        found, _ = self._read(request)
        if unchanged(request, tag := etag(found)):
            return Response(status_code=304, headers={"etag": tag})
        return shown(found)

    async def check(self, request: Request) -> Response:
        await checked_rules(request, self._settings.config, RuleText)
        return answer(Outcome(said="格式正确，没有保存。"))

    async def save(self, request: Request) -> Response:
        kind, _, text = await checked_rules(request, self._settings.config, RuleText)
        now, seen = self._read(request)
        check(request, now)
        if not await self._rules.save(request, kind, text, seen):
            raise stale(self._read(request)[0])
        return shown(_rule(request, kind, text))

    def _read(self, request: Request) -> tuple[Rule, str]:
        """(the rules as they are, the version of their text)."""
        kind = kind_of(request)
        text, seen = rule_files.read(self._settings.config, kind)
        return _rule(request, kind, text), seen

    async def add(self, request: Request) -> Response:
        require(request, "correct")
        made = await read(request, WatchMade)
        watch = topic_of(made.name.strip(), made.query.strip(), made.level or "")
        try:
            topic = await self._watches.add(request, watch)
        except UserError as error:
            raise Told(409, f"{error.problem}。") from None
        return shown(topic, 201, location=f"{ROOT}/watches/{topic.id}")

    async def remove(self, request: Request) -> Response:
        require(request, "correct")
        key = request.path_params["id"]
        held = await self._watches.store.get(key)
        if held is None:
            raise Told(404, NONE)
        check(request, held.topic)
        if not await self._watches.remove(request, key, held):
            now = await self._watches.store.get(key)
            raise stale(now.topic if now else None)
        return Response(status_code=204)


def _rule(request: Request, kind: Kind, text: str) -> Rule:
    name = request.path_params["name"]
    return Rule(name=name, title=kind.title, file=kind.file, text=text)


async def checked_rules(request: Request, folder: Path, body: type[R]) -> tuple[Kind, R, str]:
    """(what rules, what was sent, its text), after the check of the workers."""
    require(request, "rules")
    kind = kind_of(request)
    said = await read(request, body, MOST)
    text = said.text.replace("\r\n", "\n")
    if told := await asyncio.to_thread(rule_files.wrong, folder, kind, text):
        found = _LINE.search(told)
        raise Told(422, told, line=int(found[1]) if found else None)
    return kind, said, text


def topic_of(name: str, query: str, level: str) -> Watch:
    try:
        return watch_of(name, query, level)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(["$", *map(str, first["loc"])])
        raise Told(422, first["msg"], place=place) from None
