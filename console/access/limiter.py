"""How often something may be tried: bounded memory, time as an argument. Pure."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

KEPT = 10_000  # keys; the one not seen for longest is forgotten


class Limiter:
    def __init__(self, most: int, within: timedelta) -> None:
        """`most` tries of a key `within` a time."""
        self._most, self._within = most, within
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, key: str, now: datetime) -> timedelta:
        """How long until the next try is allowed; zero when it is."""
        tries = self._tries.get(key)
        if tries is None:
            return timedelta(0)
        while tries and now - tries[0] >= self._within:
            tries.popleft()
        return self._within - (now - tries[0]) if len(tries) >= self._most else timedelta(0)

    def failed(self, key: str, now: datetime) -> None:
        tries = self._tries.setdefault(key, deque(maxlen=self._most))
        tries.append(now)
        self._tries.move_to_end(key)
        while len(self._tries) > KEPT:
            self._tries.popitem(last=False)

    def spare(self, key: str) -> None:
        """The last one was right after all."""
        if tries := self._tries.get(key):
            tries.pop()
