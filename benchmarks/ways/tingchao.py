"""Tingchao's own agent `analyse`, as the worker runs it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence

from infra import heap
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.topics import RAW
from streams.analyse import Analyse
from streams.app import create_app
from streams.batch import Message
from streams.context import Context
from streams.pool import ReaderPool


class Timed(Analyse):
    """Notes when the first batch came and when `wanted` items were settled."""

    wanted = 0
    seen = 0
    first = 0.0

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        self.first = self.first or time.perf_counter()
        settling = await super().process(batch)

        async def settle() -> None:
            await settling
            self.seen += len(batch)
            if self.seen >= self.wanted:
                self.done.set_result(time.perf_counter() - self.first)

        return settle()


def run(config: Settings, endpoints: Endpoints, items: int) -> float:
    # Not asyncio.run: its end would wait for Faust's tasks, and the process ends anyway.
    return asyncio.new_event_loop().run_until_complete(_run(config, endpoints, items))


async def _run(config: Settings, endpoints: Endpoints, items: int) -> float:
    context = await Context.open(config, endpoints)
    pool = ReaderPool(config.config, config.data / "models", config.model_processes)
    handler = Timed(context, pool)
    handler.wanted = items
    handler.done = asyncio.get_running_loop().create_future()
    app = create_app(config, endpoints, handler, RAW, config.batch_size)
    await app.start()
    heap.settle()
    return await asyncio.wait_for(handler.done, 300)
