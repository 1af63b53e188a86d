"""How long heat and phase of all live events take. usage: python -m benchmarks.heat [events]"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.common import machine
from models.board import Board
from schemas.event import Event, Tally

ROUNDS = 7


def events(count: int, now: datetime) -> list[Event]:
    """Cascades of one to a thousand items that began in the last three days."""
    random = np.random.default_rng(7)
    hour = int(now.timestamp() // 3600)
    made = []
    for number in range(count):
        age = int(random.integers(1, 72))
        rate = random.pareto(1.1) * 5 * (1 + np.arange(age)) ** -1.2
        hours = {hour - age + at: int(n) for at, n in enumerate(random.poisson(rate)) if n}
        first = now - timedelta(hours=age)
        made.append(Event(
            id=f"{number:032x}", title="事件", first_at=first, last_at=now, updated_at=now,
            items=sum(hours.values()), hours=hours,
            sources=[Tally(label=f"s{n}", count=3) for n in range(int(random.integers(1, 9)))],
            tiers=[Tally(label="public", count=3)],
            attitudes=[Tally(label="negative", count=1), Tally(label="neutral", count=2)],
        ))  # fmt: skip
    return made


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    now = datetime(2026, 3, 5, 12, 1, tzinfo=UTC)
    board = Board(count)
    for event in events(count, now):
        board.put(event)
    spent, told = [], []
    for number in range(ROUNDS):
        began = time.perf_counter()
        told.append(len(board.refresh(now + timedelta(seconds=10 * number))))
        spent.append(time.perf_counter() - began)
    began = time.perf_counter()
    later = len(board.refresh(now + timedelta(hours=1)))
    hour = time.perf_counter() - began
    print(machine())
    print(f"{count} live events: the first refresh (all are told: {told[0]}) {spent[0]:.2f} s; "
          f"then median {statistics.median(spent[1:]):.2f} s, most {max(spent[1:]):.2f} s "
          f"({told[-1]} told); an hour later {hour:.2f} s ({later} told)")  # fmt: skip


if __name__ == "__main__":
    main()
