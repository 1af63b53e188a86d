"""The audit of what came in, at intervals beside the timer."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from infra.audit import audit, keep, publish, total
from streams.context import Context
from streams.interval import Interval

log = structlog.get_logger("tingchao.audit")


class Audit:
    def __init__(self, context: Context) -> None:
        self._context = context
        every = timedelta(minutes=context.settings.audit_minutes)
        self.tick = Interval("audit", every, self.audit).tick

    async def audit(self, now: datetime) -> None:
        context = self._context
        since = now - timedelta(hours=context.settings.audit_hours)
        rows = await audit(context.settings, context.endpoints, context.elasticsearch, since)
        found = total(rows, since, now)
        publish(found)
        await keep(context.settings, context.elasticsearch, found)
        if found.missing:
            log.error("items are missing", count=found.missing, ids=found.examples)
