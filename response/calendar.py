"""Working days, holidays and night: which part of the week a moment lies in."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import Field, field_validator

from response.durations import Clock, Strict, within

Period = Literal["working", "night", "holiday"]
PERIODS: dict[Period, str] = {"working": "工作时间", "night": "非工作时间", "holiday": "节假日"}


class DayOff(Strict):
    date: date
    name: Annotated[str, Field(max_length=30)] = "本单位放假"


class Hours(Strict):
    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="to")]


class Calendar(Strict):
    """The library knows the public holidays and 调休; `closed` and `open` win over it."""

    timezone: str = "Asia/Shanghai"
    country: str = "CN"
    hours: Hours = Field(
        default_factory=lambda: Hours.model_validate({"from": "08:30", "to": "17:30"})
    )
    closed: list[DayOff] = []
    open: list[date] = []

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"no time zone {name!r}: as in Asia/Shanghai") from None
        return name

    @field_validator("country")
    @classmethod
    def _country_exists(cls, code: str) -> str:
        if code not in holidays.list_supported_countries():
            raise ValueError(f"no country {code!r}: two letters, as in CN")
        return code

    def local(self, when: datetime) -> datetime:
        return when.astimezone(ZoneInfo(self.timezone))

    def day_off(self, day: date) -> str | None:
        """Why nobody works on `day`; None on a working day."""
        if day in self.open:
            return None
        own = next((each.name for each in self.closed if each.date == day), None)
        if own:
            return own
        known = _holidays(self.country)
        if known.is_working_day(day):
            return None
        return known.get(day) or "周末或调休"

    def period(self, when: datetime) -> tuple[Period, str]:
        """(which part, said in words)."""
        local = self.local(when)
        off = self.day_off(local.date())
        if off:
            return "holiday", f"{PERIODS['holiday']}（{off}）"
        inside = within(local.time(), self.hours.start, self.hours.end)
        part: Period = "working" if inside else "night"
        return part, PERIODS[part]


@lru_cache
def _holidays(country: str) -> holidays.HolidayBase:
    language = "zh_CN" if country == "CN" else None
    return holidays.country_holidays(country, language=language)
