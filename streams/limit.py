"""When too many messages die, it is the code that is bad, not the data."""

from __future__ import annotations

from collections import deque

from streams.batch import Stopped


class DeadLetterLimit:
    """Raises Stopped when over `share` of the last `window` messages became dead letters.

    It is asked before a batch's letters are sent, so that the messages of that batch are
    read again after the mend; those that died before can be replayed.
    """

    def __init__(self, share: float, window: int) -> None:
        self._share = share
        self._window = window
        self._batches: deque[tuple[int, int]] = deque()
        self._dead = self._all = 0

    def add(self, dead: int, messages: int) -> None:
        self._batches.append((dead, messages))
        self._dead += dead
        self._all += messages
        while self._all - self._batches[0][1] >= self._window:
            old_dead, old = self._batches.popleft()
            self._dead -= old_dead
            self._all -= old
        if self._all >= self._window and self._dead > self._share * self._all:
            raise Stopped(
                f"{self._dead} of the last {self._all} messages became dead letters, more than "
                f"dead_letter_limit ({self._share:g}) allows; see tingchao dlq list"
            )
