"""Items about one matter, grouped as they arrive (C5). Pure and deterministic.

An item joins the event of its parent or thread, of the item it is a copy of, or
of the live event whose words it shares most; else it begins one. What is not
joined for long, and the oldest above a bound, is no longer live.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from models.event_state import LiveEvent
from schemas.base import content_id
from schemas.opinion import OpinionBrief

MAX_GAP = timedelta(hours=72)  # between an item and the event it joins
SIMILAR = 0.28  # cosine of keyword weights
SHARED_WORDS = 2
COMMON = 400  # a word of more live events than this finds none
MAX_EVENTS = 20_000
MAX_ORIGINS = 500_000


class EventGrouper:
    def __init__(self, max_events: int = MAX_EVENTS, max_origins: int = MAX_ORIGINS) -> None:
        self._live: OrderedDict[str, LiveEvent] = OrderedDict()  # least lately joined first
        self._by_origin: OrderedDict[str, str] = OrderedDict()  # thing -> event
        self._items: OrderedDict[str, str] = OrderedDict()  # thing -> its version counted
        self._by_word: dict[str, dict[str, None]] = defaultdict(dict)  # word -> events, in order
        self._max_events = max_events
        self._max_origins = max_origins

    def __len__(self) -> int:
        return len(self._live)

    def event_of(self, origin_id: str) -> str | None:
        """The event that a thing was counted in, while it is remembered."""
        return self._by_origin.get(origin_id)

    def add(
        self, briefs: Iterable[OpinionBrief], now: datetime, anew: bool = False
    ) -> list[LiveEvent]:
        """Group the items that arrive at `now`; the events that changed, in order of change.

        An item that has been counted (sent again after a crash) changes nothing, unless it
        was analysed `anew`; a new version of a known thing is not one more item.
        """
        changed: dict[str, LiveEvent] = {}
        for brief in briefs:
            if self._items.get(brief.origin_id) == brief.id and not anew:
                continue
            event = self._find(brief) or self._begin(brief)
            event.join(brief, now, again=brief.origin_id in self._items)
            changed[event.id] = event
            self._index(event)
            self._live.move_to_end(event.id)
            self._remember(brief.origin_id, event.id)
            self._items[brief.origin_id] = brief.id
            if len(self._items) > self._max_origins:
                self._items.popitem(last=False)
        while len(self._live) > self._max_events:
            self._forget(next(iter(self._live)))
        return [event for event in changed.values() if event.id in self._live]

    def _find(self, brief: OpinionBrief) -> LiveEvent | None:
        for origin in (brief.origin_id, brief.root_id, brief.parent_id, brief.cluster_id):
            event = self._live.get(self._by_origin.get(origin, "")) if origin else None
            if event is not None:
                return event
        # A reply or repost whose root has not been seen waits for it under its own event.
        return None if brief.root_id else self._most_alike(brief)

    def _most_alike(self, brief: OpinionBrief) -> LiveEvent | None:
        scores: defaultdict[str, float] = defaultdict(float)
        shared: defaultdict[str, int] = defaultdict(int)
        for word, weight in zip(brief.keywords, brief.weights, strict=True):
            events = self._by_word.get(word, ())
            if len(events) > COMMON:
                continue
            for event_id in events:
                scores[event_id] += weight * self._live[event_id].weight(word)
                shared[event_id] += 1
        best: LiveEvent | None = None
        best_score = SIMILAR
        for event_id, score in scores.items():
            event = self._live[event_id]
            if (
                score > best_score
                and shared[event_id] >= SHARED_WORDS
                and event.near(brief.published_at, MAX_GAP)
            ):
                best, best_score = event, score
        return best

    def _begin(self, brief: OpinionBrief) -> LiveEvent:
        # An event is named after its first thing: the root, where an answer comes before it.
        event_id = content_id("event", brief.root_id or brief.cluster_id)
        event = self._live.get(event_id)
        if event is None:
            event = self._live[event_id] = LiveEvent(event_id, brief)
        if brief.root_id:
            self._remember(brief.root_id, event_id)
        return event

    def _index(self, event: LiveEvent) -> None:
        gone, come = event.reindexed()
        for word in gone:
            self._unlist(word, event.id)
        for word in come:
            self._by_word[word][event.id] = None

    def _unlist(self, word: str, event_id: str) -> None:
        events = self._by_word[word]
        events.pop(event_id, None)
        if not events:
            del self._by_word[word]

    def _remember(self, origin: str, event_id: str) -> None:
        self._by_origin[origin] = event_id
        self._by_origin.move_to_end(origin)
        if len(self._by_origin) > self._max_origins:
            self._by_origin.popitem(last=False)

    def _forget(self, event_id: str) -> None:
        event = self._live.pop(event_id)
        for word in event.indexed:
            self._unlist(word, event_id)

    def expire(self, now: datetime, idle: timedelta) -> None:
        """Let go of events that nothing has joined for `idle` (arrival time)."""
        for event_id in [e.id for e in self._live.values() if e.arrived_at < now - idle]:
            self._forget(event_id)
