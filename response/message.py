"""What people are told about an alert: the plain text that goes out when no template does."""

from __future__ import annotations

from datetime import datetime

from response.durations import CHINA
from response.report import facts
from schemas.alert import Alert, Clock, Notification, NotificationKind
from schemas.base import content_id

LEVEL_NAMES = {
    "I": "Ⅰ级 特别重大", "II": "Ⅱ级 重大", "III": "Ⅲ级 较大", "IV": "Ⅳ级 一般", "none": "未定级",
}  # fmt: skip
KIND_NAMES = {
    "raised": "新预警", "level_up": "级别上升", "escalated": "无人应答，升级通知",
    "forgotten": "已应答但没有进展，重新通知", "repeated": "仍无人应答",
    "clock_warning": "时限将到", "clock_lapsed": "时限已过", "update": "续报", "final": "终报",
    "ask_update": "请报进展", "merged": "已并案", "assigned": "交办", "digest": "汇总",
    "operator": "系统告警",
}  # fmt: skip
CLOCK_NAMES = {
    "information": "发布权威信息", "press_conference": "召开新闻发布会", "response": "作出回应",
}  # fmt: skip


def notifications(
    alert: Alert,
    kind: NotificationKind,
    step: int,
    recipients: list[str],
    now: datetime,
    clock: Clock | None = None,
    mark: str = "",
    note: str = "",
) -> list[Notification]:
    """One notification per recipient; the id depends on what is told, not on when.

    `mark` tells apart what is told again: the number of a report, the time of the last repeat.
    """
    raised = str(alert.steps[0].due_at) if alert.steps else ""
    subject = f"【{LEVEL_NAMES[alert.level]}】{KIND_NAMES[kind]}：{alert.title}"
    told = facts(alert, now)
    body = _body(alert, clock, note)
    extra = [mark] if mark else []
    parts = (alert.id, alert.level, raised, kind, str(step), clock.kind if clock else "")
    return [
        Notification(
            id=content_id(*parts, person, *extra),
            alert_id=alert.id,
            kind=kind,
            step=step,
            recipient=person,
            level=alert.level,
            subject=subject,
            body=body,
            created_at=now,
            facts=told,
            note=CLOCK_NAMES[clock.kind] if clock else note,
        )
        for person in recipients
    ]


def _body(alert: Alert, clock: Clock | None, note: str) -> str:
    lines = [
        f"事项：{alert.title}",
        f"地点（区划代码）：{'、'.join(alert.places) or '未识别'}",
        f"级别：{LEVEL_NAMES[alert.level]}（{alert.score:g} 分）",
        "依据：" + "；".join(f"{r.rule} {r.points:+g} {r.evidence}".strip() for r in alert.reasons),
        f"传播：{alert.items} 条",
    ]
    lines += [note] if note else []
    lines += [f"· {s.source} {s.title or s.content}" for s in alert.evidence[:3]]
    due = [clock] if clock else [c for c in alert.clocks if c.met_at is None]
    lines += [f"须在 {_local(c.due_at)} 前{CLOCK_NAMES[c.kind]}" for c in due]
    return "\n".join(lines)


def _local(when: datetime) -> str:
    return when.astimezone(CHINA).strftime("%m月%d日 %H:%M")
