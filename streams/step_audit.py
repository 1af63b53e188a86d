"""At intervals: did every step that was due run, and was it delivered? If not, somebody is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from infra import metrics
from models.reloading import Reloading
from response.plan import Plan
from response.step_audit import Finding, sent, unfired, unproven
from schemas.alert import Alert, Notification
from schemas.base import content_id
from schemas.registry import DELIVERIES
from streams.alerts import tell
from streams.context import Context
from streams.interval import Interval

log = structlog.get_logger("tingchao.step_audit")

LISTED = 20  # findings that a message names
TOGETHER = 1_000  # notifications whose receipts are asked for at once


class StepAudit:
    def __init__(self, context: Context, plan: Reloading[Plan]) -> None:
        self._context = context
        self._plan = plan
        self._grace = timedelta(seconds=context.settings.alert_audit_grace)
        every = timedelta(minutes=context.settings.alert_audit_minutes)
        self.tick = Interval("audit of steps", every, self.audit).tick

    async def audit(self, now: datetime) -> list[Finding]:
        """All that is wrong; each is told to the operators once a day, and counted."""
        found: list[Finding] = []
        asked: list[tuple[Alert, dict[str, int]]] = []  # whose receipts are looked for together
        async for alert in self._context.alerts.open():
            found += unfired(alert, now, self._grace)
            if expected := sent(alert, now, self._grace):
                asked.append((alert, expected))
            if sum(len(each) for _, each in asked) >= TOGETHER:
                found += await self._unproven(asked)
                asked = []
        found += await self._unproven(asked)
        metrics.ALERT_AUDIT_FINDINGS.set(len(found))
        metrics.ALERT_AUDIT_AT.set_to_current_time()
        if found:
            log.error("steps of alerts did not run", count=len(found), first=found[0].key)
            await tell(self._context, self._messages(found, now), {})
        return found

    async def _unproven(self, asked: Sequence[tuple[Alert, dict[str, int]]]) -> list[Finding]:
        ids = [key for _, expected in asked for key in expected]
        there = await self._receipts(ids) if ids else set()
        return [each for alert, expected in asked for each in unproven(alert, expected, there)]

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
