"""Trend of an event (index `trends`) and Hotspot (index `hotspots`).

They stand beside the event and not in it: the events agent writes an event whole, a timer
writes these, and neither undoes the other's work. The id of a trend is that of its event.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from schemas.analysis import Level
from schemas.base import Count, Record, Text, Time
from schemas.event import Phase

Unsearched = Meta(extra={"es": {"type": "object", "enabled": False}})
Peak = Literal["past", "ahead", "unclear"]
HotKind = Literal["source", "topic", "word"]


class PhaseNumbers(Record, kw_only=True):
    """What the phase was judged by; a window is three clock hours."""

    items: Count = 0
    recent: Count = 0  # items of the current window
    before: Count = 0  # of the window before
    peak: Count = 0  # of the busiest window
    peak_at: Time | None = None  # its last hour
    trough: Count = 0  # of the calmest window between the peak and now


class Forecast(Record, kw_only=True):
    """Items by hour for the next 24 h; empty, with `why`, where there is no forecast."""

    method: Literal["cascade", "decay", "level", "none"] = "none"
    why: str = ""  # young, small, naive (the naive forecast is not beaten)
    begins: Time | None = None  # of the first hour
    hourly: Annotated[list[float], Unsearched] = field(default_factory=list)
    low: Annotated[list[float], Unsearched] = field(default_factory=list)  # 80 % interval
    high: Annotated[list[float], Unsearched] = field(default_factory=list)
    total: float = 0.0
    total_low: float = 0.0
    total_high: float = 0.0
    error: float | None = None  # mean absolute error of the back-tests, items an hour
    naive_error: float | None = None  # of the better of naive and seasonal naive, same hours
    peak: Peak = "unclear"
    peak_at: Time | None = None


class Trend(Record, kw_only=True):
    schema: int = 1
    id: str
    title: Text
    level: Level = "none"
    at: Time  # when this was found
    last_at: Time
    items: Count = 0
    heat: float = 0.0  # docs/events.md, "Heat"
    factors: Annotated[dict[str, float], Unsearched] = field(default_factory=dict)
    phase: Phase = "latent"
    numbers: PhaseNumbers = field(default_factory=PhaseNumbers)
    labels: list[str] = field(default_factory=list)  # future_dates, single_source
    forecast: Forecast = field(default_factory=Forecast)


class Hotspot(Record, kw_only=True):
    """Much more of a source, topic or word than its own past lets expect."""

    schema: int = 1
    id: str
    kind: HotKind
    key: str
    at: Time  # last seen
    began: Time  # of the hour (word: window) that stands out
    observed: Count
    expected: float
    score: float  # standard deviations above its own history; word: root of the G² statistic
    labels: list[str] = field(default_factory=list)  # single_source, after_gap, short_history
    driver: str = ""  # the source that brought the most of it
    driver_share: float = 0.0
