"""Whether something changed, told to open pages as server-sent events.

One look at Elasticsearch serves all listeners; each page then reads itself again, as its own
account, so that nothing but the fact of a change goes over the stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from console.actor import require
from console.pages import Frame, Pages
from infra.settings import Settings
from schemas.registry import ALERTS, OPINIONS

log = structlog.get_logger("tingchao.live")

LOOK = 2.0  # seconds
BEAT = 20.0  # seconds between signs of life
MOST = 200  # listeners


class LivePages(Pages):
    def __init__(self, settings: Settings, client: AsyncElasticsearch, frame: Frame) -> None:
        super().__init__(settings, client, frame)
        self._listeners: set[asyncio.Event] = set()
        self._looking: asyncio.Task[None] | None = None

    def routes(self) -> list[BaseRoute]:
        return [Route("/live", self.live)]

    async def live(self, request: Request) -> Response:
        require(request, "read")
        if len(self._listeners) >= MOST:
            raise HTTPException(503, "同时打开的页面太多，请稍后刷新。")
        return StreamingResponse(
            self._told(), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )

    async def _told(self) -> AsyncIterator[bytes]:
        changed = asyncio.Event()
        self._listeners.add(changed)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield b"retry: 5000\n\n"
            while True:
                try:
                    await asyncio.wait_for(changed.wait(), BEAT)
                except TimeoutError:
                    yield b": \n\n"
                    continue
                changed.clear()
                yield b"event: changed\ndata: 1\n\n"
        finally:
            self._listeners.discard(changed)

    async def _look(self) -> None:
        """As long as somebody listens."""
        before: tuple[object, ...] | None = None
        while self._listeners:
            try:
                now: tuple[object, ...] | None = await self._state()
            except (ApiError, TransportError) as error:
                log.warning("live pages wait for Elasticsearch", error=str(error)[:200])
                now = before
            if before is not None and now != before:
                for listener in self._listeners:
                    listener.set()
            before = now or before
            await asyncio.sleep(LOOK)

    async def _state(self) -> tuple[object, ...]:
        """Another one when an item came in or an alert changed."""
        newest = {"newest": {"max": {"field": "indexed_at"}}}
        touched = {"newest": {"max": {"field": "updated_at"}}}
        answer = await self._client.msearch(searches=[
            {"index": self._index(OPINIONS)}, {"size": 0, "aggs": newest},
            {"index": self._index(ALERTS)}, {"size": 0, "aggs": touched},
        ])  # fmt: skip
        return tuple(each["aggregations"]["newest"]["value"] for each in answer["responses"])
