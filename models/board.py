"""The live events on one board: heat, phase and forecast of all at a moment. Deterministic.

Only what changed since it was last told is told again, and only some forecasts are made in one
go, so that a refresh is bounded whatever happens.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from models.heat import FACTORS, Heat, heat, labels, make_up
from models.hourseries import HourMatrix, as_series
from models.phases import Phases, phases
from models.trend import DAY, SMALLEST, forecast
from schemas.event import Event
from schemas.trend import Forecast, PhaseNumbers, Trend

MAX_EVENTS = 20_000
IDLE = timedelta(days=7)
FORECASTS = 60  # of one refresh
STEP = 1.0  # points of heat that are worth telling
GROWTH = 1.1  # times the items of the last forecast


@dataclass(slots=True)
class Entry:
    """What is kept of an event, and what was told of it."""

    event: Event  # without samples and words: only what the numbers need
    made: tuple[float, ...]
    series: np.ndarray  # of the event's hours
    forecast: Forecast = field(default_factory=Forecast)
    forecast_of: tuple[int, int] = (0, 0)  # (hour, items) it was made for
    told: tuple[float, int, int] = (-STEP, -1, -1)  # heat, phase, items
    stale: bool = True  # something other than heat and phase changed


class Board:
    def __init__(self, max_events: int = MAX_EVENTS) -> None:
        self._entries: OrderedDict[str, Entry] = OrderedDict()  # the least lately changed first
        self._max_events = max_events

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, event: Event) -> None:
        """Take an event, or its next state; above the bound the least lately changed goes."""
        known = self._entries.pop(event.id, None)
        entry = Entry(event, make_up(event), as_series(event.hours))
        if known is not None:
            entry.forecast, entry.forecast_of = known.forecast, known.forecast_of
            entry.told, entry.stale = known.told, known.event != event
        self._entries[event.id] = entry
        if len(self._entries) > self._max_events:
            self._entries.popitem(last=False)

    def refresh(self, now: datetime) -> list[Trend]:
        """What changed enough to be told, at `now`; events idle for long are let go."""
        for key in [k for k, e in self._entries.items() if _idle(e.event, now)]:
            del self._entries[key]
        entries = list(self._entries.values())
        if not entries:
            return []
        hour = int(now.timestamp() // 3600)
        matrix = HourMatrix([entry.series for entry in entries], hour)
        found = phases(matrix)
        hot = heat(matrix, np.array([entry.made for entry in entries]))
        self._forecasts(entries, matrix, hot, hour)
        told = np.array([entry.told for entry in entries])
        stale = np.array([entry.stale for entry in entries])
        stale |= np.abs(hot.heat - told[:, 0]) >= STEP
        stale |= (hot.heat == 0) & (told[:, 0] > 0)
        stale |= (found.code != told[:, 1]) | (found.items != told[:, 2])
        return [
            _told(entries[at], at, found, hot, int(matrix.future[at]), now)
            for at in np.flatnonzero(stale).tolist()
        ]

    def _forecasts(self, entries: list[Entry], matrix: HourMatrix, hot: Heat, hour: int) -> None:
        """Make those that are due: of events with enough volume, the hottest first."""
        enough = matrix.counts[:, -DAY - 1 :].sum(axis=1) >= SMALLEST
        left = FORECASTS
        for at in np.argsort(-hot.heat, kind="stable").tolist():
            entry = entries[at]
            if not enough[at] and not entry.forecast.hourly:
                continue
            made_hour, made_items = entry.forecast_of
            items = entry.event.items
            if made_hour == hour and items < made_items * GROWTH:
                continue
            before = entry.forecast
            entry.forecast, entry.forecast_of = forecast(entry.event.hours, hour), (hour, items)
            entry.stale |= entry.forecast != before
            left -= 1
            if not left:
                return


def _idle(event: Event, now: datetime) -> bool:
    return event.updated_at < now - IDLE


def _told(entry: Entry, at: int, found: Phases, hot: Heat, future: int, now: datetime) -> Trend:
    event, value = entry.event, float(hot.heat[at])
    entry.told = (value, int(found.code[at]), int(found.items[at]))
    entry.stale = False
    return Trend(
        id=event.id, title=event.title, level=event.level, at=now, last_at=event.last_at,
        items=event.items, heat=round(value, 2),
        factors={"volume": round(float(hot.volume[at]), 2)}
        | {name: round(float(v), 3) for name, v in zip(FACTORS, hot.factors[at], strict=True)},
        phase=found.phase(at),
        numbers=PhaseNumbers(
            items=int(found.items[at]), recent=int(found.recent[at]),
            before=int(found.before[at]), peak=int(found.peak[at]),
            peak_at=datetime.fromtimestamp(int(found.peak_hour[at]) * 3600, UTC),
            trough=int(found.trough[at]),
        ),
        labels=labels(event, future), forecast=entry.forecast,
    )  # fmt: skip
