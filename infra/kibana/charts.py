"""The charts and searches analysts start from, as data; `objects` makes Kibana's form of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from schemas.registry import (
    ALERTS,
    AUDITS,
    DEAD_LETTERS,
    DELIVERIES,
    HOTSPOTS,
    OPINIONS,
    SOURCE_HEALTH,
    TRENDS,
    Index,
)

Shape = Literal["metric", "pie", "bars", "time", "table"]


@dataclass(frozen=True)
class Chart:
    """Counts of documents by `by` (over time for "time"), or the greatest `top` of each."""

    key: str
    title: str
    index: Index
    shape: Shape
    by: str = ""
    query: str = ""  # KQL
    size: int = 10
    top: str = ""


@dataclass(frozen=True)
class Search:
    key: str
    title: str
    index: Index
    columns: tuple[str, ...]
    query: str = ""
    sort: str = ""  # descending; else the time field


@dataclass(frozen=True)
class Dashboard:
    """Rows of (key of a chart or search, width of 48, height)."""

    key: str
    title: str
    description: str
    rows: tuple[tuple[tuple[str, int, int], ...], ...] = field(default=())
    since: str = "now-7d"


_OPEN = "status: (open or acknowledged or handling or resolved)"
CHARTS = (
    Chart("items", "舆情条数", OPINIONS, "metric"),
    Chart("grave", "重大及以上", OPINIONS, "metric", query="severity.level: (I or II)"),
    Chart("by-time", "随时间（按级别）", OPINIONS, "time", by="severity.level"),
    Chart("by-attitude", "态度", OPINIONS, "pie", by="attitude.label"),
    Chart("by-channel", "渠道", OPINIONS, "pie", by="channel"),
    Chart("by-topic", "主题", OPINIONS, "bars", by="topics.label"),
    Chart("by-department", "归口部门", OPINIONS, "bars", by="departments.id", size=15),
    Chart("by-source", "来源", OPINIONS, "table", by="source", size=20),
    Chart("by-place", "地点（区划代码）", OPINIONS, "table", by="places.code", size=20),
    Chart("hot-events", "最热事件", TRENDS, "table", by="id", top="heat"),
    Chart("hotspots", "异常增多", HOTSPOTS, "table", by="key", top="score"),
    Chart("open-alerts", "未办结预警", ALERTS, "metric", query=_OPEN),
    Chart("unanswered", "无人确认", ALERTS, "metric", query="status: open"),
    Chart("alerts-by-time", "预警（按级别）", ALERTS, "time", by="level"),
    Chart("alerts-by-department", "预警（按部门）", ALERTS, "bars", by="departments", size=15),
    Chart("deliveries-by-status", "送达结果", DELIVERIES, "pie", by="status"),
    Chart("deliveries-by-channel", "通知渠道", DELIVERIES, "bars", by="channel"),
    Chart("dead-by-reason", "死信原因", DEAD_LETTERS, "bars", by="reason"),
    Chart("dead-by-time", "死信随时间", DEAD_LETTERS, "time", by="stage"),
    Chart("sources-by-status", "来源状态", SOURCE_HEALTH, "pie", by="status"),
    Chart("audit-missing", "对账：最多缺失", AUDITS, "metric", top="missing"),
)
_ITEM = ("severity.level", "title", "source", "attitude.label", "topics.label", "departments.id")
SEARCHES = (
    Search("grave-items", "重大及以上舆情", OPINIONS, _ITEM, "severity.level: (I or II)"),
    Search("complaints", "负面投诉", OPINIONS, _ITEM,
           "attitude.label: negative and act: complaint"),
    Search("rumours", "疑似谣言", OPINIONS, ("title", "source", "rumour.score", "rumour.signs"),
           "rumour.score >= 0.8", "rumour.score"),
    Search("waiting-alerts", "未办结预警", ALERTS,
           ("level", "status", "title", "departments", "next_due_at", "assignee"), _OPEN),
    Search("failed-deliveries", "没有送达的通知", DELIVERIES,
           ("recipient", "channel", "status", "attempts", "error"), "status: failed"),
    Search("waiting-letters", "待处理死信", DEAD_LETTERS,
           ("reason", "stage", "source", "message", "id"),
           "not replayed_at: * and not dropped_at: *"),
)  # fmt: skip
DASHBOARDS = (
    Dashboard("situation", "听潮·态势", "采集到什么、多重、归谁管", (
        (("items", 12, 8), ("grave", 12, 8), ("by-attitude", 12, 8), ("by-channel", 12, 8)),
        (("by-time", 48, 12),),
        (("by-topic", 24, 12), ("by-department", 24, 12)),
        (("hot-events", 24, 14), ("hotspots", 24, 14)),
        (("by-source", 24, 14), ("by-place", 24, 14)),
        (("grave-items", 48, 16),),
    )),
    Dashboard("response", "听潮·处置", "预警到哪一步、通知送到没有", (
        (("open-alerts", 12, 8), ("unanswered", 12, 8), ("deliveries-by-status", 24, 8)),
        (("alerts-by-time", 48, 12),),
        (("alerts-by-department", 24, 12), ("deliveries-by-channel", 24, 12)),
        (("waiting-alerts", 48, 16),),
        (("failed-deliveries", 48, 12),),
    ), "now-30d"),
    Dashboard("operation", "听潮·运行", "来源是否正常、有没有处理不了的", (
        (("sources-by-status", 16, 10), ("audit-missing", 16, 10), ("dead-by-reason", 16, 10)),
        (("dead-by-time", 48, 12),),
        (("waiting-letters", 48, 16),),
    )),
)  # fmt: skip
