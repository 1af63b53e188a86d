"""Which source runs next: a queue by due time, no clock of its own."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

JITTER = 0.1  # of the interval, either way, so that sources do not run in step
LONGEST_PAUSE = 6 * 3600.0  # seconds, for a source that fails and fails


@dataclass
class Schedule:
    """Times are seconds; `chance` is a number from 0 to 1 for each decision."""

    _queue: list[tuple[float, str]] = field(default_factory=list)
    _due: dict[str, float] = field(default_factory=dict)

    def put(self, name: str, due: float) -> None:
        """The source is due then; an earlier entry of it no longer counts."""
        self._due[name] = due
        heapq.heappush(self._queue, (due, name))

    def drop(self, name: str) -> None:
        self._due.pop(name, None)

    def names(self) -> set[str]:
        return set(self._due)

    def take(self, now: float) -> str | None:
        """The source that has been due longest; it is out until it is put in again."""
        while self._queue and self._queue[0][0] <= now:
            due, name = heapq.heappop(self._queue)
            if self._due.get(name) == due:
                del self._due[name]
                return name
        return None


def next_due(
    started: float, ended: float, every: float, failures: int, chance: float
) -> float:  # fmt: skip
    """Counted from the start of the run, so that a long run does not shift the interval;
    each failure in a row doubles it."""
    pause = min(every * 2.0 ** min(failures, 20), max(every, LONGEST_PAUSE))
    return max(started + pause * (1 + JITTER * (2 * chance - 1)), ended)


def first_due(
    last_start: float | None, now: float, every: float, failures: int, chance: float
) -> float:  # fmt: skip
    """After a restart where the interval left off; a new source soon, not all at once."""
    if last_start is None:
        return now + min(every, 5.0) * chance
    return max(next_due(last_start, last_start, every, failures, chance), now)
