"""How things stand, as the API tells it."""

from __future__ import annotations

import msgspec

from console.hotspots import HotEvent
from console.overview import Numbers
from schemas.alert import Alert
from schemas.base import Time
from schemas.source_health import SourceHealth
from schemas.trend import Hotspot


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


class Overview(msgspec.Struct, kw_only=True):
    at: Time
    today: Numbers  # since midnight in China; `by_hour`: items
    usual: UsualNow | None  # none while too few days are known
    alerts: OpenAlerts
    events: list[HotEvent]  # the hottest first
    hotspots: list[Hotspot]  # the strongest first; none for accounts of departments
    sources: list[SourceHealth]  # only what somebody has to look at
    scheduler_silent_since: Time | None
