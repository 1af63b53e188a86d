"""The page of an event: phase, timeline with forecast, make-up, similar past events."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from console.actor import NotTheirs, actor_of
from console.charts import Bars, LocalTime, timeline
from console.event_spread import spread_path
from console.pages import Pages
from console.province_map import by_province, province_map
from console.similar import find_alerts, find_event, find_trends, similar
from response.durations import CHINA
from schemas.event import Event
from schemas.registry import OPINIONS
from schemas.trend import Trend

SHOWN = 96  # hours drawn before now
WHY = {
    "young": "数据还不足 9 小时，暂不预测", "small": "近一天不足 20 条，暂不预测",
    "naive": "回测没有胜过“与上一小时相同”的简单预测，因此不作预测", "": "还没有计算",
}  # fmt: skip


class EventPages(Pages):
    def routes(self) -> list[BaseRoute]:
        return [Route("/events/{id}", self.show)]

    async def show(self, request: Request) -> Response:
        event = await find_event(self._client, self._settings, request.path_params["id"])
        if event is None:
            raise HTTPException(404, "没有这个事件。")
        actor = actor_of(request)
        if not actor.sees(event.departments):
            raise NotTheirs(event.id)
        trends = await find_trends(self._client, self._settings, [event.id])
        alerts = await find_alerts(self._client, self._settings, [event.id])
        trend = trends.get(event.id)
        return self._page(
            request, "event.html", event=event, trend=trend, alert=alerts.get(event.id),
            chart=chart(event, trend), why=WHY, shown=shown, provinces=provinces(event),
            similar=await similar(self._client, self._settings, event, scope=actor.filters()),
            path=await spread_path(
                self._client, self._settings.prefix + OPINIONS.alias, event
            ),
        )  # fmt: skip


def provinces(event: Event) -> Markup:
    regions = {tally.label: tally.count for tally in event.regions}
    return province_map(by_province(event.places, regions))


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
