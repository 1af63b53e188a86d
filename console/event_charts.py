"""The charts of an event's page, from its record, its trend and its items. Pure."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from markupsafe import Markup

from console.charts import Bars, Column, LocalTime, shares, timeline
from console.event_reading import Attitudes
from console.province_map import by_province, province_map
from response.durations import CHINA
from response.labels import ATTITUDES
from schemas.event import Event
from schemas.trend import Trend

SHOWN = 96  # hours drawn before now


def provinces(event: Event) -> Markup:
    regions = {tally.label: tally.count for tally in event.regions}
    return province_map(by_province(event.places, regions))


def over_time(found: list[Attitudes]) -> Markup | None:
    """Nothing for a single stretch of time: the table says it."""
    if len(found) < 2:
        return None
    short = found[-1].begins - found[0].begins < timedelta(days=20)
    label = "%m-%d %H时" if short else "%Y-%m-%d"
    columns = [Column(each.begins.astimezone(CHINA).strftime(label), each.counts) for each in found]
    order = {key: ATTITUDES[key] for key in ("negative", "neutral", "positive")}
    return shares(columns, order, "各段时间里负面、中性、正面的份额")


def chart(event: Event, trend: Trend | None) -> Markup | None:
    """Items by hour of the last days, and the forecast; None when there are no hours."""
    forecast = trend.forecast if trend else None
    begins = forecast.begins if forecast and forecast.hourly else None
    last = int(begins.timestamp() // 3600) - 1 if begins else max(event.hours, default=0)
    hours = {h: n for h, n in event.hours.items() if last - SHOWN < h <= last}
    if not hours:
        return None
    first = min(hours)
    counts = np.zeros(last - first + 1)
    for hour, count in hours.items():
        counts[hour - first] = count
    about = f"每小时条数，共 {int(counts.sum())} 条，最多 {int(counts.max())} 条"
    bars = Bars(first, counts.tolist())
    if forecast and begins:
        bars = Bars(first, counts.tolist(), forecast.hourly, forecast.low, forecast.high)
        about += f"；今后 24 小时预计 {forecast.total:.0f} 条"
    return timeline(bars, LocalTime(CHINA), about)


def shown(span: timedelta | None) -> str:
    """A span in the unit that a person would say."""
    if span is None:
        return "—"
    minutes = span / timedelta(minutes=1)
    if minutes < 90:
        return f"{minutes:.0f} 分钟"
    return f"{minutes / 60:.1f} 小时" if minutes < 1440 else f"{minutes / 1440:.1f} 天"
