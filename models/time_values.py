"""What a named time means in ISO 8601: by the publish time and what was named before."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from models.numerals import number
from models.time_days import (
    ONE_DAY,
    Context,
    context,
    month_of,
    named,
    nearest,
    today_of,
    weekday,
    year_of,
    year_of_month,
)  # fmt: skip
from models.time_patterns import DATE, PARTS, SPAN

__all__ = ["Context", "context", "value"]

_UNITS = {"小时": 3600, "钟头": 3600, "分钟": 60, "秒": 1, "秒钟": 1, "天": 86400, "日": 86400,
          "周": 604800, "星期": 604800}  # fmt: skip


# A time that has a value holds one of these; 目前, 随后, 近日 hold none.
_SOLID = re.compile(
    "[0-9〇零一二三四五六七八九十两几半数今昨前明去当同次翌周星礼上下本天]+|[凌清拂早晨中正午傍晚深夜]"
)
_GROUPS = ("year", "month", "day", "iso", "named", "weekday", "hour", "part")
_TRIES = 4


def value(text: str, known: Context) -> str | None:
    """The ISO value of the folded `text` (day, month, year or minute), None when it has none."""
    match = _read(text)
    try:
        found = _dated(match, known) if match is not None else None
        if found is None and ("后" in text or "前" in text):
            found = _relative(text[:64], known)
        return found
    except (ValueError, OverflowError):  # 2月30日, 25时, year 9999 and a day
        return None


@lru_cache(maxsize=16_384)  # 今天, 昨日, 2月: most of what is named is named again
def _read(text: str) -> re.Match[str] | None:
    for solid in islice(_SOLID.finditer(text), _TRIES):
        match = DATE.match(text, solid.start())
        if match is not None and any(match.group(*_GROUPS)):
            return match
    return None


def _dated(match: re.Match[str], known: Context) -> str | None:
    year = year_of(match["year"], known)
    if match["iso"]:
        parts = [int(part) for part in re.findall(r"\d+", match["iso"])]
        return _at(date(year or 0, parts[0], parts[1]), match, known)
    month = month_of(match["month"], known)
    if match["day"]:
        day = number(match["day"]) or 0
        return _at(nearest(year, month, day, known), match, known)
    if match["month"]:
        if month is None:
            return None
        if year is None:
            year = year_of_month(month, known)
        return None if year is None else f"{date(year, month, 1):%Y-%m}"
    if match["named"]:
        return _at(named(match["named"], known), match, known)
    if match["weekday"]:
        return _at(weekday(match, known), match, known)
    if match["year"]:
        return f"{year:04d}" if year else None
    if match["hour"] and (match["part"] or match["colon"] or "时" in match[0] or "点" in match[0]):
        return _at(today_of(known), match, known)
    if match["part"] and "当" in match[0]:
        return _at(today_of(known), match, known)
    return _at(today_of(known), match, known) if match["part"] else None


def _at(day: date | None, match: re.Match[str], known: Context) -> str | None:
    """The day with its clock time, remembered for what is named after it."""
    if day is None:
        return None
    known.day = day
    if not match["hour"]:
        return day.isoformat()
    hour = number(match["hour"])
    minute = 30 if match["half"] else number(match["minute"] or match["colon"] or "0")
    if match["quarter"]:
        minute = 15 if match["quarter"] == "一" else 45
    if hour is None or minute is None:
        return day.isoformat()
    part = PARTS.get(match["part"] or "", -1)
    if hour < 12 and part >= 12 and not (match["part"] == "中午" and hour >= 11):
        hour += 12
    if hour == 24:
        day, hour = day + ONE_DAY, 0
    moment = datetime(day.year, day.month, day.day, hour, minute)
    known.moment = moment
    return f"{moment:%Y-%m-%dT%H:%M}+08:00"


def _relative(text: str, known: Context) -> str | None:
    """半小时后, 3天前, 10分钟后: from the moment or day named last, or the publish time."""
    match = SPAN.search(text)
    if match is None or not match["side"] or match["side"] in ("内", "来", "以来"):
        return None
    count = 0.5 if match["count"] == "半" else number(match["count"])
    if count is None:
        return None
    if match["extra"] == "半" or "半" in match["more"]:
        count += 0.5
    sign = 1 if match["side"].endswith("后") else -1
    if match["unit"] in ("年", "月"):
        base = known.published if sign < 0 else None
        if base is None:
            return None
        months = (
            base.year * 12
            + base.month
            - 1
            + sign * int(count * (12 if match["unit"] == "年" else 1))
        )
        return (
            f"{months // 12:04d}"
            if match["unit"] == "年"
            else f"{months // 12:04d}-{months % 12 + 1:02d}"
        )
    delta = timedelta(seconds=count * _UNITS[match["unit"]])
    if _UNITS[match["unit"]] >= 86400:
        base_day = (
            known.day if sign > 0 else (known.published.date() if known.published else known.day)
        )
        return (base_day + sign * delta).isoformat() if base_day else None
    if known.moment is None:
        return None
    return f"{known.moment + sign * delta:%Y-%m-%dT%H:%M}+08:00"
