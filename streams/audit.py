"""The audit at intervals, beside the timer: it may take long and must not hold it up."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from infra.audit import audit, keep, publish, total
from streams.context import Context

log = structlog.get_logger("tingchao.audit")


class Audit:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._every = timedelta(minutes=context.settings.audit_minutes)
        self._next: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def tick(self, now: datetime) -> None:
        """Begin an audit when one is due; the first one an interval after the start."""
        self._next = self._next or now + self._every
        # A clock that was set back must not put the audit off for as long.
        self._next = min(self._next, now + self._every)
        if self._every and now >= self._next and (self._task is None or self._task.done()):
            self._next = now + self._every
            self._task = asyncio.create_task(self._run(now))

    async def _run(self, now: datetime) -> None:
        context = self._context
        since = now - timedelta(hours=context.settings.audit_hours)
        try:
            rows = await audit(context.settings, context.endpoints, context.elasticsearch, since)
            found = total(rows, since, now)
            publish(found)
            await keep(context.settings, context.elasticsearch, found)
        except Exception:
            log.exception("the audit did not end; it is tried again at the next interval")
            return
        if found.missing:
            log.error("items are missing", count=found.missing, ids=found.examples)
