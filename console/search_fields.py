"""The fields that a search may name, in English or Chinese, and what their values mean. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from console.event_words import key_of
from infra.event_index import items_of_id
from schemas.analysis import LEVEL_RANK

FIELDS = {
    "source": "source", "来源": "source", "channel": "channel", "渠道": "channel",
    "topic": "topic", "话题": "topic", "主题": "topic",
    "department": "department", "处室": "department", "部门": "department",
    "place": "place", "地点": "place", "地区": "place", "level": "level", "级别": "level",
    "attitude": "attitude", "态度": "attitude", "title": "title", "标题": "title",
    "author": "author", "作者": "author", "publisher": "publisher", "发布者": "publisher",
    "媒体": "publisher", "tier": "tier", "层级": "tier",
    "date": "date", "时间": "date", "日期": "date", "event": "event", "事件": "event",
}  # fmt: skip
_TERMS = {
    "channel": "channel", "topic": "topics.label", "department": "departments.id",
    "attitude": "attitude.label", "tier": "tier",
}  # fmt: skip
_LEVELS = {
    "特别重大": "I", "重大": "II", "较大": "III", "一般": "IV", "未定级": "none", "无": "none",
    "红": "I", "橙": "II", "黄": "III", "蓝": "IV", "1": "I", "2": "II", "3": "III", "4": "IV",
}  # fmt: skip
_COMPARE = re.compile(r"(>=|<=|>|<)?(.*)", re.S)
_SPAN = re.compile(r"\d{1,4}[hdw]")


@dataclass(frozen=True)
class Names:
    """What the configuration says: names of values -> their ids, by field; places and synonyms."""

    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Callable[[str], Sequence[str]] = lambda name: ()
    sources: Callable[[str], Sequence[str]] = lambda title: ()
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    events: str = "events"  # the index that an event's items are looked up in


def clause(name: str, value: str, names: Names) -> dict[str, Any]:
    """A filter clause; ValueError in Chinese for a value that the field does not have."""
    if name in _TERMS:
        known = names.values.get(name, {})
        key = known.get(value, value)
        if known and key not in known.values():
            raise ValueError(f"没有“{value}”；可用：{'、'.join(list(known)[:30])}")
        return {"term": {_TERMS[name]: key}}
    match name:
        case "level":
            return _level(value)
        case "date":
            return _date(value)
        case "place":
            return _place(value, names)
        case "event":
            return _event(value, names)
        case "author":
            return {"term": {"author.hash": value}}
        case "source":
            return {"terms": {"source": [value, *names.sources(value)]}}
        case "publisher":
            return _either({"term": {"publisher": value}}, clause("source", value, names))
    return {"term": {name: value}}


def _event(value: str, names: Names) -> dict[str, Any]:
    """By the id, or the address of the event's page."""
    key = key_of(value)
    if not key:
        raise ValueError("事件要写编号，或事件页面的地址")
    return items_of_id(names.events, key)


def _either(*clauses: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def _level(value: str) -> dict[str, Any]:
    match = _COMPARE.fullmatch(value)
    assert match
    sign, name = match[1] or "=", match[2].removesuffix("色").removesuffix("级")
    level = _LEVELS.get(name, name.upper() if name.upper() in LEVEL_RANK else name)
    if level not in LEVEL_RANK:
        raise ValueError(f"没有级别“{value}”；可用：特别重大、重大、较大、一般、I 至 IV，可加 >=")
    rank = LEVEL_RANK[level]
    tests = {">=": rank.__le__, "<=": rank.__ge__, ">": rank.__lt__, "<": rank.__gt__,
             "=": rank.__eq__}  # fmt: skip
    return {"terms": {"severity.level": [k for k, r in LEVEL_RANK.items() if tests[sign](r)]}}


def _date(value: str) -> dict[str, Any]:
    """2026-01-31, 2026-01, 2026, A..B with an open end, >=A, or 7d: the last seven days."""
    if _SPAN.fullmatch(value):
        return {"range": {"published_at": {"gte": f"now-{value}"}}}
    match = _COMPARE.fullmatch(value)
    assert match
    sign, rest = match[1], match[2]
    if ".." in rest and not sign:
        begin, _, end = rest.partition("..")
        if not begin and not end:
            raise ValueError(_WANTED)
        bounds = {"gte": _days(begin)[0]} if begin else {}
        bounds |= {"lte": _days(end)[1]} if end else {}
        if begin and end and bounds["gte"] > bounds["lte"]:
            raise ValueError("开始在结束之后")
    else:
        first, last = _days(rest)
        bounds = {
            None: {"gte": first, "lte": last}, ">=": {"gte": first}, "<=": {"lte": last},
            ">": {"gt": last}, "<": {"lt": first},
        }[sign]  # fmt: skip
    return {"range": {"published_at": bounds | {"time_zone": "+08:00"}}}


_WANTED = "时间写作 2026-01-31、2026-01、2026-01-01..2026-01-31、>=2026-01-01 或 7d"


def _days(text: str) -> tuple[str, str]:
    """The first and the last moment of a day, month or year."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text, re.ASCII)
    if found is None:
        raise ValueError(_WANTED)
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    try:
        first = date(year, month, day)
        last = first if found[3] else date(
            year, month if found[2] else 12,
            calendar.monthrange(year, month)[1] if found[2] else 31,
        )  # fmt: skip
    except ValueError:
        raise ValueError(f"没有这个日期：{text}") from None
    return f"{first}T00:00:00.000", f"{last}T23:59:59.999"


def _place(value: str, names: Names) -> dict[str, Any]:
    codes = [value] if re.fullmatch(r"\d{6}", value, re.ASCII) else names.places(value)
    if not codes:
        return {"term": {"places.text": value}}
    return _either({"term": {"places.text": value}}, *(_within(code) for code in codes))


def _within(code: str) -> dict[str, Any]:
    """The division and what lies in it: 330000 holds 3301…."""
    bare = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return {"prefix": {"places.code": bare}} if len(bare) < 6 else {"term": {"places.code": code}}
