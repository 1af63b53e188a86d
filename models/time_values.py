"""What a named time means: ISO 8601, resolved against the publish time and what was named before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from models.numerals import number
from models.time_patterns import DATE, DAYS, PARTS, SAME_DAY, SPAN

BEIJING = timezone(timedelta(hours=8))
_YEARS = {"今": 0, "本": 0, "去": -1, "前": -2, "明": 1}
_MONTHS = {"本": 0, "当": 0, "上": -1, "下": 1}
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_WHICH = {"上上": -14, "上": -7, "下": 7}
_UNITS = {"小时": 3600, "钟头": 3600, "分钟": 60, "秒": 1, "秒钟": 1, "天": 86400, "日": 86400,
          "周": 604800, "星期": 604800}  # fmt: skip
_NIGHT_WORDS = ("晚", "夜")
_LEAP = timedelta(days=1)


@dataclass
class Context:
    """The publish time (Beijing time, or None) and the last day and moment named so far."""

    published: datetime | None
    day: date | None = None
    moment: datetime | None = None


def context(published: datetime | None) -> Context:
    if published is not None and published.tzinfo is not None:
        published = published.astimezone(BEIJING).replace(tzinfo=None)
    return Context(published)


def value(text: str, known: Context) -> str | None:
    """The ISO value of the folded `text` (day, month, year or minute), None when it has none."""
    match = DATE.search(text) if len(text) < 64 else None
    for match in DATE.finditer(text[:64]):
        if any(
            match[g] for g in ("year", "month", "day", "iso", "named", "weekday", "hour", "part")
        ):
            break
    else:
        match = None
    try:
        if match is not None:
            found = _dated(match, known)
            if found is not None:
                return found
        return _relative(text, known)
    except (ValueError, OverflowError):  # 2月30日, 25时, year 9999 and a day
        return None


def _dated(match: re.Match[str], known: Context) -> str | None:
    year = _year(match["year"], known)
    if match["iso"]:
        month, day = (int(part) for part in re.findall(r"\d+", match["iso"]))
        return _at(date(year or 0, month, day), match, known)
    month = _month(match["month"], known)
    if match["day"]:
        day = number(match["day"]) or 0
        return _at(_nearest(year, month, day, known), match, known)
    if match["month"]:
        if month is None:
            return None
        if year is None:
            year = _year_of_month(month, known)
        return None if year is None else f"{date(year, month, 1):%Y-%m}"
    if match["named"]:
        return _at(_named(match["named"], known), match, known)
    if match["weekday"]:
        return _at(_weekday(match, known), match, known)
    if match["year"]:
        return f"{year:04d}" if year else None
    if match["hour"] and (match["part"] or match["colon"] or "时" in match[0] or "点" in match[0]):
        return _at(_today(known), match, known)
    if match["part"] and "当" in match[0]:
        return _at(_today(known), match, known)
    return _at(_today(known), match, known) if match["part"] else None


def _today(known: Context) -> date | None:
    return known.day or (known.published.date() if known.published else None)


def _year(text: str | None, known: Context) -> int | None:
    if not text:
        return None
    head = text[0]
    if head in _YEARS:
        return known.published.year + _YEARS[head] if known.published else None
    if head in "同当":
        return known.day.year if known.day else None
    digits = number(text.rstrip("年"))
    if digits is not None and digits < 100 and len(text) <= 3:
        digits += 2000 if digits < 50 else 1900
    return digits if digits and 1000 <= digits <= 2999 else None


def _month(text: str | None, known: Context) -> int | None:
    if not text:
        return None
    if text[0] in _MONTHS:
        base = _today(known) if text[0] == "当" else known.published
        return (base.month - 1 + _MONTHS[text[0]]) % 12 + 1 if base else None
    return number(text)


def _year_of_month(month: int, known: Context) -> int | None:
    if known.published:
        return known.published.year - (month > known.published.month + 1)
    return known.day.year if known.day else None


def _nearest(year: int | None, month: int | None, day: int, known: Context) -> date | None:
    """The day meant: news looks back, so a day far ahead is last month's or last year's."""
    if year and month:
        return date(year, month, day)
    base = known.published.date() if known.published else known.day
    if base is None:
        return None
    if month:
        found = date(base.year, month, day)
        return found.replace(year=base.year - 1) if found > base + timedelta(days=45) else found
    if known.day and not known.published and day >= known.day.day:
        return known.day.replace(day=day)
    year, month = base.year, base.month
    if day > base.day + 1:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return date(year, month, day)


def _named(word: str, known: Context) -> date | None:
    if word in SAME_DAY:
        return _today(known)
    if word in ("次日", "翌日", "第二天"):
        return known.day + _LEAP if known.day else None
    return known.published.date() + timedelta(days=DAYS[word]) if known.published else None


def _weekday(match: re.Match[str], known: Context) -> date | None:
    if known.published is None:
        return None
    today = known.published.date()
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=_WEEKDAYS[match["weekday"]])
    if match["which"]:
        return found + timedelta(days=_WHICH.get(match["which"], 0))
    return found - timedelta(days=7) if found > today else found  # 周三: the last one


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
        day, hour = day + _LEAP, 0
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
