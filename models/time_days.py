"""Which day a named date, weekday or 昨天 means, seen from the publish time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from models.numerals import number
from models.time_patterns import DAYS, SAME_DAY

BEIJING = timezone(timedelta(hours=8))
ONE_DAY = timedelta(days=1)
_YEARS = {"今": 0, "本": 0, "去": -1, "前": -2, "明": 1}
_MONTHS = {"本": 0, "当": 0, "上": -1, "下": 1}
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_WHICH = {"上上": -14, "上": -7, "下": 7}


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


def today_of(known: Context) -> date | None:
    return known.day or (known.published.date() if known.published else None)


def year_of(text: str | None, known: Context) -> int | None:
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


def month_of(text: str | None, known: Context) -> int | None:
    if not text:
        return None
    if text[0] in _MONTHS:
        base = today_of(known) if text[0] == "当" else known.published
        return (base.month - 1 + _MONTHS[text[0]]) % 12 + 1 if base else None
    return number(text)


def year_of_month(month: int, known: Context) -> int | None:
    if known.published:
        return known.published.year - (month > known.published.month + 1)
    return known.day.year if known.day else None


def nearest(year: int | None, month: int | None, day: int, known: Context) -> date | None:
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
    at_year, at_month = base.year, base.month
    if day > base.day + 1:
        before = date(base.year, base.month, 1) - ONE_DAY
        at_year, at_month = before.year, before.month
    return date(at_year, at_month, day)


def named(word: str, known: Context) -> date | None:
    if word in SAME_DAY:
        return today_of(known)
    if word in ("次日", "翌日", "第二天"):
        return known.day + ONE_DAY if known.day else None
    return known.published.date() + timedelta(days=DAYS[word]) if known.published else None


def weekday(match: re.Match[str], known: Context) -> date | None:
    if known.published is None:
        return None
    today = known.published.date()
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=_WEEKDAYS[match["weekday"]])
    if match["which"]:
        return found + timedelta(days=_WHICH.get(match["which"], 0))
    return found - timedelta(days=7) if found > today else found  # 周三: the last one
