"""Publish times in all the forms that Chinese pages write them. Without a zone: Beijing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_TO_ASCII = str.maketrans("０１２３４５６７８９：／－．　", "0123456789:/-. ")
_CLOCK = (
    r"(?:\D{0,6}?(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上|[AP]M)?\s*"
    r"(?P<hour>[01]?\d|2[0-4])\s*[:时点]\s*(?P<minute>[0-5]?\d)?分?"
    r"(?::(?P<second>[0-5]?\d)|(?P<second2>[0-5]?\d)秒)?(?:\.\d+)?\s*(?P<half2>[AP]M)?)?"
)
_FULL = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*[-/.年_]\s*(?P<month>1[0-2]|0?[1-9])\s*[-/.月_]\s*"
    r"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d(?!\d:))\s*[日号]?"
    + _CLOCK
    + r"\s*(?P<zone>Z|[+-]\d\d:?\d\d)?",
    re.I,
)
_ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)T(?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d))?(?:\.\d+)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?", re.I,
)  # fmt: skip
_COMPACT = re.compile(r"^\s*((?:19|20)\d\d)(\d\d)(\d\d)(?:\s?(\d\d):?(\d\d)(?::?(\d\d))?)?\s*$")
_NO_YEAR = re.compile(
    r"(?<![\d年/-])(?P<month>1[0-2]|0?[1-9])\s*[-/月]\s*(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?"
    + _CLOCK, re.I,
)  # fmt: skip
# `18-03-08 23:16` and, where two spans stand without a blank, `10-0812:00`.
_SHORT = re.compile(
    r"(?<![\d-])(?:(?P<year>\d\d)-)?(?P<month>0\d|1[0-2])-(?P<day>[0-2]\d|3[01])\s*"
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?!\d)"
)
_AGO = re.compile(r"(\d+|半|几)\s*个?\s*(秒|分钟|小时|钟头|天|日|周|星期|月|年)\s*(?:之|以)?前")
_DAY_WORD = re.compile(r"(大前天|前天|昨天|昨日|今天|今日)" + _CLOCK)
_SECONDS = {"秒": 1, "分钟": 60, "小时": 3600, "钟头": 3600, "天": 86_400, "日": 86_400,
            "周": 604_800, "星期": 604_800, "月": 2_592_000, "年": 31_536_000}  # fmt: skip
_DAYS_BACK = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "大前天": 3}


def parse_time(text: str, now: datetime | None = None) -> datetime | None:
    """The first publish time in `text`; relative ones need `now`. None when there is none."""
    text = text.translate(_TO_ASCII).strip()
    if not text:
        return None
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _plausible(datetime.fromtimestamp(int(text[:10]), BEIJING), now)
    if match := _COMPACT.match(text):
        year, month, day, *clock = (int(part) if part else 0 for part in match.groups())
        return _build(year, month, day, clock[0], clock[1], clock[2], None, now)
    if match := _ISO.search(text) or _FULL.search(text):
        return _from_match(match, int(match["year"]), now)
    if (match := _SHORT.search(text)) and match["year"]:
        return _from_match(match, 2000 + int(match["year"]), now)
    return _relative(text, now) if now else None


def _relative(text: str, now: datetime) -> datetime | None:
    now = now.astimezone(BEIJING)
    if re.search(r"刚刚|刚才|just now", text, re.I):
        return now
    if match := _AGO.search(text):
        count = {"半": 0.5, "几": 3.0}.get(match[1]) or float(match[1])
        seconds = count * _SECONDS[match[2]]
        return _plausible(now - timedelta(seconds=seconds), now) if seconds < 1e9 else None
    if match := _DAY_WORD.search(text):
        day = now - timedelta(days=_DAYS_BACK[match[1]])
        return _build(day.year, day.month, day.day, *_clock(match), None, now)
    if match := _SHORT.search(text) or _NO_YEAR.search(text):
        return _from_match(match, now.year, now) or _from_match(match, now.year - 1, now)
    return None


def _from_match(match: re.Match[str], year: int, now: datetime | None) -> datetime | None:
    groups = match.groupdict()
    return _build(
        year, int(groups["month"]), int(groups["day"]), *_clock(match), groups.get("zone"), now
    )


def _clock(match: re.Match[str]) -> tuple[int, int, int]:
    groups = match.groupdict()
    hour = int(groups["hour"] or 0)
    half = (groups.get("half") or groups.get("half2") or "").upper()
    if half in ("下午", "傍晚", "晚上", "PM") and hour < 12:
        hour += 12
    elif half in ("凌晨", "AM") and hour == 12:
        hour = 0
    second = groups.get("second") or groups.get("second2")
    return hour, int(groups["minute"] or 0), int(second or 0)


def _build(
    year: int, month: int, day: int, hour: int, minute: int, second: int,
    zone: str | None, now: datetime | None,
) -> datetime | None:  # fmt: skip
    try:
        found = datetime(year, month, day, 0, minute, second, tzinfo=_zone(zone))
    except ValueError:
        return None
    return _plausible(found + timedelta(hours=hour), now)  # 24:00 is the next day


def _zone(zone: str | None) -> timezone:
    if not zone:
        return BEIJING
    if zone.upper() == "Z":
        return UTC
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)


def _plausible(found: datetime, now: datetime | None) -> datetime | None:
    """None for what cannot be: before the web, or more than two days ahead of `now`."""
    if found < _EARLIEST or (now is not None and found > now + timedelta(days=2)):
        return None
    return found
