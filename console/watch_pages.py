"""Watch topics: queries asked of every item, tried on the history before they are kept (D5)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from elasticsearch import AsyncElasticsearch
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from console.actor import Actor, actor_of, require
from console.forms import fields
from console.pages import Frame, Pages
from console.watch_try import Tried, try_watch
from infra.settings import Settings
from infra.watch_store import Held, WatchStore
from models.watch import Watch, load_file
from schemas.base import content_id
from schemas.errors import UserError
from schemas.watch import WatchTopic

SHOWN = 30
DAYS, SECONDS = 30, 60.0
NONE = "没有这个关注主题，或者它写在 watch.yaml 里。"
SLOW = "一分钟没有查完，请用命令 tingchao watch try。"
TRIALS = asyncio.Semaphore(2)  # those of pages and of the API together


class WatchPages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self.store = WatchStore(settings, client)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/watches", self.list),
            Route("/watches/{action}", self.act, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        require(request, "read")
        asked = {name: request.query_params.get(name, "")[:500] for name in ("query", "name")}
        return await self._show(request, given=asked)

    async def act(self, request: Request) -> Response:
        require(request, "correct")
        form = await fields(request)
        given = {name: form.get(name, "").strip() for name in ("id", "query", "name", "level")}
        action = request.path_params["action"]
        if action == "remove":
            await self.remove(request, given["id"])
            return RedirectResponse("/watches", 303)
        if action not in ("try", "add"):
            raise HTTPException(404, "没有这个操作。")
        try:
            watch = watch_of(given["name"] or "试查", given["query"], given["level"])
        except ValidationError as error:
            return await self._show(
                request,
                422,
                given=given,
                wrong=error.errors()[0]["msg"].removeprefix("Value error, "),
            )
        if action == "try":
            try:
                found = await self.trial(request, watch)
            except TimeoutError:
                return await self._show(request, 503, given=given, wrong=SLOW)
            return await self._show(request, given=given, tried=found)
        if not given["name"]:
            return await self._show(request, 422, given=given, wrong="请填写名称。")
        try:
            await self.add(request, watch)
        except UserError as error:
            return await self._show(request, 409, given=given, wrong=error.problem)
        return RedirectResponse("/watches", 303)

    async def add(self, request: Request, watch: Watch) -> WatchTopic:
        topic = WatchTopic(
            id=watch.id, name=watch.name, query=watch.query, level=watch.level,
            added_by=_whole(request).id, added_at=datetime.now(UTC),
        )  # fmt: skip
        await self.store.add(topic)
        await self._audit.told(request, "watch", topic.id, f"add {topic.query}")
        return topic

    async def remove(self, request: Request, key: str, seen: Held | None = None) -> bool:
        """`seen`: only this version of it; False: it is another by now."""
        _whole(request)
        try:
            done = await self.store.remove(key, seen)
        except UserError:
            raise HTTPException(404, NONE) from None
        if done:
            await self._audit.told(request, "watch", key, "remove")
        return done

    async def trial(self, request: Request, watch: Watch, days: int = DAYS) -> Tried:
        """What it would have matched of what the asker may see; TimeoutError after a minute."""
        work = try_watch(
            self._settings, self._client, watch, datetime.now(UTC) - timedelta(days=days),
            lambda *_: None, actor_of(request).filters("departments.id"),
        )  # fmt: skip
        async with TRIALS:
            return await asyncio.wait_for(work, SECONDS)

    async def _show(
        self, request: Request, status: int = 200, given: dict[str, str] | None = None,
        wrong: str = "", tried: Tried | None = None,
    ) -> Response:  # fmt: skip
        return self._page(
            request, "watches.html", status,
            given={"query": "", "name": "", "level": ""} | (given or {}), wrong=wrong,
            tried=tried, days=DAYS, shown=SHOWN, stored=await self.store.all(),
            filed=load_file(self._settings.config / "watch.yaml"),
        )  # fmt: skip


def _whole(request: Request) -> Actor:
    """Who may change what every item is asked about. HTTPException 403 for a department's."""
    actor = require(request, "correct")
    if actor.departments:
        raise HTTPException(403, "关注主题是全单位的，请联系办公室。")
    return actor


def watch_of(name: str, query: str, level: str) -> Watch:
    """pydantic's ValidationError says what is wrong with it."""
    key = f"w{content_id('watch', name, query)[:12]}"  # an id begins with a letter
    return Watch.model_validate({"id": key, "name": name, "query": query, "level": level or None})
