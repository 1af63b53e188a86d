"""Trials of watch topics, rules and sources by the API, and saving a source.

People's trials wait for each other; a program's is refused (429) while others run, so that many
of them cannot keep people waiting.
"""

from __future__ import annotations

import asyncio

import msgspec
from elasticsearch import AsyncElasticsearch
from starlette.requests import Request
from starlette.responses import Response

from console import rule_pages, source_pages, watch_pages
from console.actor import require
from console.api.body import read
from console.api.problem import Endpoint, Told, answer
from console.api.records import Outcome
from console.api.rules import checked_rules, topic_of
from console.api.trial_records import (
    HITS,
    RuleTry,
    SourceDraft,
    SourceMade,
    SourceTried,
    SourceTry,
    WatchHit,
    WatchTried,
    WatchTry,
)
from console.pages import Frame, Pages
from console.rule_pages import RulePages
from console.source_pages import SourcePages
from console.watch_pages import WatchPages
from infra.settings import Settings


class ApiTrials(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._watches = WatchPages(settings, client, frame)
        self._rules = RulePages(settings, client, frame)
        self._sources = SourcePages(settings, client, frame)

    def handlers(self) -> dict[str, Endpoint]:
        return {
            "try-watch": self.watch, "try-rules": self.rules, "try-source": self.source,
            "add-source": self.add_source,
        }  # fmt: skip

    async def watch(self, request: Request) -> Response:
        require(request, "read")  # the answer shows items
        require(request, "correct")
        said = await read(request, WatchTry)
        watch = topic_of("试查", said.query, "")
        free(watch_pages.TRIALS)
        try:
            found = await self._watches.trial(request, watch, said.days)
        except TimeoutError:
            raise Told(503, watch_pages.SLOW) from None
        hits = [msgspec.convert(hit, WatchHit) for hit in found.hits[:HITS]]
        return answer(WatchTried(items=found.items, matched=len(found.hits), hits=hits))

    async def rules(self, request: Request) -> Response:
        require(request, "read")  # the answer shows items
        kind, said, text = await checked_rules(request, self._settings.config, RuleTry)
        if not kind.dry_run:
            raise Told(404, f"“{kind.title}”没有试运行。")
        free(rule_pages.TRIALS)
        code, told = await self._rules.trial(kind, text, said.since)
        if code != 0:
            raise Told(503 if code is None else 422, told.removeprefix("tingchao: "))
        return answer(Outcome(said=told))

    async def source(self, request: Request) -> Response:
        require(request, "sources")
        url = (await read(request, SourceTry)).url.strip()
        free(source_pages.TRIALS)
        told = await self._sources.trial(url)
        if told is None:
            raise Told(422, f"{source_pages.BAD}。", place="$.url")
        return answer(msgspec.convert(told, SourceTried))

    async def add_source(self, request: Request) -> Response:
        require(request, "sources")
        draft = (await read(request, SourceDraft)).draft.replace("\r\n", "\n")
        name, wrong = await self._sources.write(request, draft)
        if wrong:
            raise Told(422, wrong, place="$.draft")
        return answer(SourceMade(source=name), 201)


def free(trials: asyncio.Semaphore) -> None:
    """No other coroutine runs between this and the trial's own taking of it."""
    if trials.locked():
        raise Told(429, "别的试查正在进行，请稍后再试。", {"retry-after": "30"})
