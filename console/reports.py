"""The reports of an alert: read from the index, and written out as people read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from elasticsearch import AsyncElasticsearch

from infra.indices import write_name
from infra.settings import Settings
from models.names import place_name
from response.durations import CHINA
from response.labels import CHINESE, NEWS, REPORTS
from response.message import CLOCK_NAMES, LEVEL_NAMES
from schemas.registry import REPORTS as INDEX
from schemas.report import News, Report

MOST = 1_000


async def find(client: AsyncElasticsearch, settings: Settings, alert_id: str) -> list[Report]:
    """In the order of their numbers."""
    answer = await client.search(
        index=write_name(settings, INDEX),
        query={"term": {"alert_id": alert_id}},
        sort=[{"number": "asc"}],
        size=MOST,
    )
    return [msgspec.convert(hit["_source"], Report, strict=False) for hit in answer["hits"]["hits"]]


def said(news: News, source: Callable[[str], str]) -> str:
    """条数：3 → 40. `source`: the title of one."""
    now = news.now
    if name := {"places": place_name, "sources": source}.get(news.what):
        now = "、".join(map(name, now.split("、")))
    was = f"{CHINESE.get(news.was, news.was)} → " if news.was else ""
    return f"{NEWS[news.what]}：{was}{CHINESE.get(now, now)}"


def text(report: Report, source: Callable[[str], str]) -> str:
    """The regulation's five facts, the level and why, what is new, what was done."""
    lines = [
        f"【{REPORTS[report.kind]} 第 {report.number} 号】{report.title}（{_local(report.at)}）",
        f"时间：{_local(report.time) if report.time else '未识别'}",
        f"地点：{'、'.join(map(place_name, report.places)) or '未识别'}",
        f"主要内容：{report.title}",
        *(f"  · {source(s.source)} {s.title or s.content}" for s in report.evidence[:3]),
        f"涉及主体：{'、'.join(report.subjects) or '未识别'}",
        f"传播范围：{report.items} 条"
        + (f"，来源 {'、'.join(map(source, report.sources[:5]))}" if report.sources else ""),
        f"紧急程度：{LEVEL_NAMES[report.level]}（{report.score:g} 分）",
    ]
    if report.kind == "first":
        lines.append("原因：正在核实，以调查结论和权威发布为准。")
    else:
        lines.append(
            "自上次报告以来："
            + ("；".join(said(each, source) for each in report.news) or "没有新的变化")
        )
    lines += [f"须在 {_local(c.due_at)} 前{CLOCK_NAMES[c.kind]}" for c in report.clocks]
    if report.handling:
        lines += ["处置经过：", *(f"  · {line}" for line in report.handling)]
    return "\n".join(lines)


def _local(when: datetime) -> str:
    return when.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
