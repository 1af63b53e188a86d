"""The deadline timer: steps of the chain and statutory clocks, from the alerts index.

It keeps nothing in memory, so a restart forgets nothing. Several workers may run
it; a lease, taken by compare-and-set, lets one at a time work.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError

from infra import indices, metrics
from response.alert import advance
from streams.alerts import file_reports, tell
from streams.audit import Audit
from streams.context import Context
from streams.leading import Leading
from streams.reloading import alert_plan, rule_file
from streams.rules import Rules
from streams.step_audit import StepAudit

log = structlog.get_logger("tingchao.deadlines")

TICK = 1.0  # seconds


class Deadlines:
    name = "deadlines"

    def __init__(self, context: Context) -> None:
        self._context = context
        self.lease = Leading(context, self.name)
        self._retention_on: object = None
        self._audit = Audit(context)
        self._step_audit = StepAudit(context, alert_plan(context.settings.config))
        self._rules = Rules(context, rule_file(context.settings.config))

    async def run(self) -> None:
        while True:
            try:
                now = datetime.now(UTC)
                if await self.lease.leads(now):
                    await self.tick(now)
                    await self._retain(now)
                    self._audit.tick(now)
                    self._step_audit.tick(now)
                    self._rules.tick(now)
                metrics.LAST_BATCH.labels(self.name).set_to_current_time()
            except (ApiError, TransportError) as error:
                # Elasticsearch is away: nothing is lost, it is due again at the next tick.
                log.warning("deadlines wait for Elasticsearch", error=str(error)[:200])
            await asyncio.sleep(TICK)

    async def tick(self, now: datetime) -> int:
        """Fire what is due; how many alerts moved on."""
        store = self._context.alerts
        due = await store.due(now.isoformat())
        changed, told = [], []
        for stored in due:
            alert, own = advance(stored.alert, now)
            told += own
            changed.append(replace(stored, alert=alert))
        evidence = {s.alert.id: s.alert.evidence[0].id for s in changed if s.alert.evidence}
        await tell(self._context, told, evidence)
        await file_reports(self._context, [
            after.alert
            for before, after in zip(due, changed, strict=True)
            if after.alert.report != before.alert.report
        ])  # fmt: skip
        metrics.ALERT_CHANGES.labels("advanced").inc(len(changed))
        await store.save(changed)  # a conflict is due again at the next tick
        return len(changed)

    async def _retain(self, now: datetime) -> None:
        """Once a day, delete the months that the retention setting lets go."""
        if self._retention_on != now.date():
            self._retention_on = now.date()
            gone = await indices.apply_retention(
                self._context.elasticsearch, self._context.settings, now.date()
            )
            if gone:
                log.info("deleted by retention", indices=gone)
