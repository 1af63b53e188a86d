"""The live events by their terms: whom is an item like, in numbered places. Bounded."""

from __future__ import annotations

import numpy as np

from models import event_match as match

Terms = tuple[np.ndarray, np.ndarray]
_CHECKED = frozenset((2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377))


def warm() -> None:
    """Compile the loops, or load them from disk, before the first item comes."""
    index = EventIndex(2, 0.5, 0.5, 1.0)
    terms = (np.array([1, 3], np.uint64), np.ones(2))
    index.find(terms, 0.0)
    one, two = index.place(), index.place()
    for place in (one, two):
        index.join(place, terms, 0.0)
    index.join(one, terms, 0.0)
    index.met(one, 0.0)
    index.absorb(one, two)


class EventIndex:
    """`likeness` joins an item to an event, `meeting` one event to another, both cosines of
    rarities; `gap` is in hours."""

    def __init__(self, events: int, likeness: float, meeting: float, gap: float) -> None:
        self._state = match.state(events)
        self._free = list(range(events - 1, -1, -1))
        self._likeness, self._meeting, self._gap = likeness, meeting, gap

    def place(self) -> int:
        """A free place for a new event."""
        return self._free.pop()

    def free(self, place: int) -> None:
        match.clear(self._state, place)
        self._free.append(place)

    def find(self, terms: Terms, hour: float) -> int:
        """The event that an item is of, or -1."""
        return match.best(self._state, *terms, hour, self._gap, -1, self._likeness)[0]

    def join(self, place: int, terms: Terms, hour: float) -> None:
        match.join(self._state, place, *terms, hour)
        match.count(self._state, terms[0], hour)

    def touch(self, place: int, hour: float) -> None:
        """An item without words of its own keeps its event near in time."""
        self._state.last[place] = max(self._state.last[place], hour)

    def met(self, place: int, hour: float) -> int:
        """The event that this one has become so like that both are one, or -1; looked at as
        its items double, not for each."""
        if int(self._state.items[place]) not in _CHECKED:
            return -1
        terms = self._terms(place)
        return match.best(self._state, *terms, hour, self._gap, place, self._meeting)[0]

    def absorb(self, place: int, gone: int) -> None:
        """Blend the terms of `gone` into `place`, and free it."""
        state = self._state
        first, last, items = state.first[gone], state.last[gone], state.items[gone]
        match.join(state, place, *self._terms(gone), last)
        state.first[place] = min(state.first[place], first)
        state.items[place] += items - 1
        self.free(gone)

    def _terms(self, place: int) -> Terms:
        has = np.flatnonzero(self._state.terms[place])
        return self._state.terms[place][has], self._state.sums[place][has].astype(np.float64)
