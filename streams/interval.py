"""Work that is due at intervals beside a timer, and must not hold it up however long it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

log = structlog.get_logger("tingchao.interval")


class Interval:
    def __init__(
        self, name: str, every: timedelta, work: Callable[[datetime], Awaitable[object]],
        at_once: bool = False,
    ) -> None:  # fmt: skip
        """`work` is begun each `every` (zero: never), one at a time; `at_once`: the first time
        at the first tick, else an interval later."""
        self._name, self._every, self._work, self._at_once = name, every, work, at_once
        self._next: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def tick(self, now: datetime) -> None:
        """Begin when it is due; a clock that was set back does not put it off."""
        first = now if self._at_once else now + self._every
        self._next = min(self._next or first, now + self._every)
        if self._every and now >= self._next and (self._task is None or self._task.done()):
            self._next = now + self._every
            self._task = asyncio.create_task(self._run(now))

    async def _run(self, now: datetime) -> None:
        try:
            await self._work(now)
        except Exception:
            log.exception("it did not end; again at the next interval", what=self._name)
