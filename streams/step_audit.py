"""At intervals: did every step that was due run, and was it delivered? If not, somebody is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError

from infra import metrics
from models.reloading import Reloading
from response.plan import Plan
from response.step_audit import Finding, sent, unfired, unproven
from schemas.alert import Notification
from schemas.base import content_id
from schemas.registry import DELIVERIES
from streams.alerts import tell
from streams.context import Context

log = structlog.get_logger("tingchao.step_audit")

LISTED = 20  # findings that a message names


class StepAudit:
    def __init__(self, context: Context, plan: Reloading[Plan]) -> None:
        self._context = context
        self._plan = plan
        self._every = timedelta(minutes=context.settings.alert_audit_minutes)
        self._grace = timedelta(seconds=context.settings.alert_audit_grace)
        self._next: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def tick(self, now: datetime) -> None:
        """Begin when it is due; a clock that was set back does not put it off."""
        self._next = min(self._next or now + self._every, now + self._every)
        if self._every and now >= self._next and (self._task is None or self._task.done()):
            self._next = now + self._every
            self._task = asyncio.create_task(self._run(now))

    async def _run(self, now: datetime) -> None:
        try:
            await self.audit(now)
        except (ApiError, TransportError) as error:
            log.warning("the audit of steps waits for Elasticsearch", error=str(error)[:200])

    async def audit(self, now: datetime) -> list[Finding]:
        """All that is wrong; each is told to the operators once a day, and counted."""
        found: list[Finding] = []
        async for alert in self._context.alerts.open():
            found += unfired(alert, now, self._grace)
            expected = sent(alert, now, self._grace)
            if expected:
                found += unproven(alert, expected, await self._receipts(list(expected)))
        metrics.ALERT_AUDIT_FINDINGS.set(len(found))
        metrics.ALERT_AUDIT_AT.set_to_current_time()
        if found:
            log.error("steps of alerts did not run", count=len(found), first=found[0].key)
            await tell(self._context, self._messages(found, now), {})
        return found

    async def _receipts(self, ids: list[str]) -> set[str]:
        answer = await self._context.elasticsearch.search(
            index=self._context.settings.prefix + DELIVERIES.alias,
            query={"terms": {"notification_id": ids}},
            size=10_000,
            source_includes=["notification_id"],
        )
        return {hit["_source"]["notification_id"] for hit in answer["hits"]["hits"]}

    def _messages(self, found: Sequence[Finding], now: datetime) -> list[Notification]:
        plan = self._plan.current()
        people, _ = plan.contacts.of_role("operator", [], [], now, plan.duty)
        what = sorted(each.key for each in found)
        lines = [f"· {f.title}（{f.alert_id}）{f.what}：{f.why}" for f in found[:LISTED]]
        body = "\n".join(
            [
                "预警的以下步骤到期未执行或没有送达记录：",
                *lines,
                "请查看 tingchao alerts show 和工作进程日志。",
            ]
        )
        return [
            Notification(
                id=content_id("step-audit", str(now.date()), person, *what),
                alert_id=found[0].alert_id,
                kind="operator",
                recipient=person,
                level="none",
                subject=f"【系统告警】{len(found)} 个预警步骤没有按时执行",
                body=body,
                created_at=now,
            )
            for person in people
        ]
