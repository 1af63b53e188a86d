"""What the operator's files have in common: strict models, durations, times of day."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict

CHINA = ZoneInfo("Asia/Shanghai")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _duration(value: object) -> object:
    """`30m`, `2h`, `1d` as a timedelta."""
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"(\d{1,6})([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a duration is a number with s, m, h or d, as in 30m")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _clock(value: object) -> object:
    """`"08:30"` as a time. YAML reads 08:30 without quotes as a number of its own."""
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('a time of day is HH:MM in quotes, as in "08:30"')
    return time(int(match[1]), int(match[2]))


def _moment(value: object) -> object:
    """A date or a date and time; Beijing time when it names no zone."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("a time is YYYY-MM-DDTHH:MM, as in 2026-10-01T08:30") from None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=CHINA)
    if hasattr(value, "year"):  # a date: its beginning
        return datetime(value.year, value.month, value.day, tzinfo=CHINA)  # type: ignore[attr-defined]
    raise ValueError("a time is YYYY-MM-DDTHH:MM, as in 2026-10-01T08:30")


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Clock = Annotated[time, BeforeValidator(_clock)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


def within(at: time, start: time, end: time) -> bool:
    """Whether `at` lies in [start, end), which may go past midnight; equal ends: all day."""
    if start == end:
        return True
    return start <= at < end if start < end else at >= start or at < end


def known(info: Any, kind: str, value: str, remedy: str) -> str:
    """`value` when the other files name it (or were not given); the error stands at its line."""
    names = (info.context or {}).get(kind)
    if names is not None and value not in names:
        raise ValueError(f"no {kind} {value!r}: {remedy}")
    return value
