"""How things stand, as the API tells it."""

from __future__ import annotations

import msgspec

from schemas.alert import Alert
from schemas.base import Time
from schemas.event import Event
from schemas.source_health import SourceHealth
from schemas.trend import Hotspot, Trend


class Today(msgspec.Struct, kw_only=True):
    """Since midnight in China. `by_hour`: items of each of the day's 24 hours."""

    items: int
    duplicates: int
    negative: int
    dead_letters: int
    levels: dict[str, int]
    channels: dict[str, int]
    by_hour: list[int]


class UsualNow(msgspec.Struct, kw_only=True):
    """The median of earlier days until this time of the day; `days`: how many had anything."""

    days: int
    items: float
    duplicates: float
    negative: float


class OpenAlerts(msgspec.Struct, kw_only=True):
    """`gravest` and `next_due` without evidence, history, steps, reasons and reports."""

    open: int
    mine: int
    gravest: list[Alert]
    next_due: list[Alert]


class HotEvent(msgspec.Struct, kw_only=True):
    event: Event
    trend: Trend | None


class Overview(msgspec.Struct, kw_only=True):
    at: Time
    today: Today
    usual: UsualNow | None  # none while too few days are known
    alerts: OpenAlerts
    events: list[HotEvent]  # the hottest first
    hotspots: list[Hotspot]  # the strongest first; none for accounts of departments
    sources: list[SourceHealth]  # only what somebody has to look at
    scheduler_silent_since: Time | None
