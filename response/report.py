"""First report, updates and final report (首报、续报、终报) of an alert. Pure."""

from __future__ import annotations

from datetime import datetime

from schemas.alert import Alert
from schemas.base import content_id
from schemas.report import Due, News, Report, ReportKind

GROWTH, STEP = 1.5, 5.0  # what counts as a real change: items, points
LISTED = ("places", "subjects", "sources")
BY_PEOPLE = {
    "acknowledged": "确认", "handling": "开始处置", "assigned": "交办", "commented": "意见",
    "met": "完成", "resolved": "认定已平息", "closed": "关闭", "reopened": "重新打开",
    "merged": "并入",
}  # fmt: skip


def make(alert: Alert, kind: ReportKind, now: datetime) -> Report:
    """The next report: the five facts as they stand, and what is new since the last one."""
    last = alert.report
    found = facts(alert, now)
    found.number = last.number + 1 if last else 1
    found.id = content_id("report", alert.id, str(found.number))
    found.kind = kind
    found.news = news(last, found) if last and kind != "first" else []
    return found


def facts(alert: Alert, now: datetime) -> Report:
    """What a message tells of the alert, numbered as its last report."""
    last = alert.report
    # A step that fires always asks for no answer.
    waiting = [s.due_at for s in alert.steps if s.due_at > now and not s.always]
    return Report(
        id=last.id if last else "",
        alert_id=alert.id,
        matter_id=alert.matter_id,
        number=last.number if last else 0,
        kind=last.kind if last else "first",
        at=now,
        level=alert.level,
        score=alert.score,
        status=alert.status,
        title=alert.title,
        time=alert.first_at,
        places=alert.places,
        subjects=alert.subjects,
        items=alert.items,
        sources=alert.sources,
        phase=alert.phase,
        topics=alert.topics,
        departments=alert.departments,
        reasons=alert.reasons,
        evidence=alert.evidence,
        clocks=[
            Due(kind=c.kind, due_at=c.due_at)
            for c in alert.clocks
            if c.met_at is None and c.lapsed_at is None
        ],
        news=last.news if last else [],
        answer_by=min(waiting, default=None) if alert.status == "open" else None,
        handling=[
            f"{c.actor} {BY_PEOPLE[c.action]} {c.note}".strip()
            for c in alert.history
            if c.action in BY_PEOPLE
        ],
    )


def news(was: Report, now: Report) -> list[News]:
    found = []
    if was.level != now.level:
        found.append(News(what="level", was=was.level, now=now.level))
    if was.score != now.score:
        found.append(News(what="score", was=f"{was.score:g}", now=f"{now.score:g}"))
    if was.items != now.items:
        found.append(News(what="items", was=str(was.items), now=str(now.items)))
    for name in LISTED:
        more = [each for each in getattr(now, name) if each not in getattr(was, name)]
        if more:
            found.append(News(what=name, now="、".join(more)))  # type: ignore[arg-type]
    for name in ("phase", "status"):
        old, new = getattr(was, name), getattr(now, name)
        if new and old != new:
            found.append(News(what=name, was=old, now=new))  # type: ignore[arg-type]
    return found


def changed(alert: Alert) -> bool:
    """Whether so much is new that the people told have to hear of it."""
    last = alert.report
    return last is not None and (
        alert.items >= last.items * GROWTH > 0
        or alert.score >= last.score + STEP
        or not set(alert.places) <= set(last.places)
        or not set(alert.subjects) <= set(last.subjects)
    )
