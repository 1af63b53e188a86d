"""The agents for Faust's own command line: `faust -A streams.faust_apps:analyse worker`.

`tingchao worker` runs several in one process and adds /metrics and the deadline timer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

import faust

from infra.lag import READS
from infra.settings import settings
from infra.stack import stack
from streams.app import create_app
from streams.batch import Handler, Message
from streams.context import Context
from streams.worker import BATCHES, handler


class _Late:
    """A handler that is made when its app starts: clients belong to the running loop."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._handler: Handler | None = None
        self._context: Context | None = None

    async def start(self) -> None:
        config = settings()
        self._context = await Context.open(config, stack(config).endpoints())
        self._handler = handler(self.name, self._context)
        await self._handler.start()

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        assert self._handler is not None
        return await self._handler.process(batch)

    async def stop(self) -> None:
        if self._handler and self._context:
            await self._handler.stop()
            await self._context.close()


def __getattr__(name: str) -> faust.App:
    if name not in READS:
        raise AttributeError(f"no agent {name!r}; one of {', '.join(READS)}")
    config = settings()
    size = BATCHES[name] or config.batch_size
    return create_app(config, stack(config).endpoints(), _Late(name), READS[name], size)
