"""Items about one matter, grouped as they arrive (C5). Pure and deterministic.

An item joins the event of its parent or thread, of the item it is a copy of, or
of the live event whose terms it shares most; else it begins one. Events that have
become alike are merged. What is not joined for long, and the oldest above a bound,
is no longer live; a source that floods pushes out its own events first.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from models.event_index import EventIndex, Terms
from models.event_state import FUTURE, LiveEvent
from models.event_terms import terms_of
from schemas.base import content_id
from schemas.event import EventChange
from schemas.opinion import OpinionBrief

MAX_GAP = timedelta(hours=72)  # between an item and the event it joins
SIMILAR = 0.28  # cosine of rarities, of an item and an event
MEETING = 0.6  # of two events that are one
MAX_EVENTS = 20_000
MAX_ORIGINS = 200_000  # things remembered
MAX_ALIASES = 200_000
ONE_SOURCE = 0.1  # of all events: single ones of one source; beyond, it pushes out its own


class EventGrouper:
    def __init__(self, max_events: int = MAX_EVENTS, max_origins: int = MAX_ORIGINS) -> None:
        self.live: OrderedDict[str, LiveEvent] = OrderedDict()  # least lately joined first
        self.names: dict[str, str] = {}  # by analysts, of events
        self.apart: set[tuple[str, str]] = set()  # split by analysts, never to be merged
        # Thing -> its event, and a number of its version that was counted (0: none yet).
        self._things: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._aliases: OrderedDict[str, str] = OrderedDict()  # merged event -> event
        self._singles: defaultdict[str, OrderedDict[str, None]] = defaultdict(OrderedDict)
        self._places: dict[int, LiveEvent] = {}
        self._max_events, self._max_origins = max_events, max_origins
        self._index = EventIndex(max_events + 1, SIMILAR, MEETING, MAX_GAP.total_seconds() / 3600)

    def __len__(self) -> int:
        return len(self.live)

    def event_of(self, origin_id: str) -> str | None:
        """The event that a thing was counted in, while it is remembered."""
        found = self._things.get(origin_id)
        return self.resolve(found[0]) if found else None

    def resolve(self, event_id: str) -> str:
        """The event that `event_id` is now part of; itself when it was never merged."""
        seen = {event_id}
        while (into := self._aliases.get(event_id)) is not None and into not in seen:
            seen.add(into)
            event_id = into
        return event_id

    def add(
        self, briefs: Iterable[OpinionBrief], now: datetime, anew: bool = False
    ) -> list[LiveEvent]:
        """Group the items that arrive at `now`; the events that changed, in order of change,
        those that were merged into others among them.

        An item that has been counted (sent again after a crash) changes nothing, unless it
        was analysed `anew`; a new version of a known thing is not one more item.
        """
        changed: dict[str, LiveEvent] = {}
        fresh = [b for b in briefs if anew or self._counted(b.origin_id) != _version(b)]
        for brief, terms in zip(fresh, terms_of(fresh), strict=True):
            before = self._counted(brief.origin_id)
            if before == _version(brief) and not anew:
                continue
            at = brief.published_at
            hour = (now if at > now + FUTURE else at).timestamp() / 3600
            event = self._find(brief, terms, hour) or self._begin(brief)
            event.join(brief, now, again=before > 0)
            self._note(event, brief)
            changed[event.id] = event
            if self._blend(event, brief, terms, hour):
                other = self._places.get(self._index.met(event.slot, hour))
                if other is not None and self._mergeable(event, other):
                    kept, gone = sorted((event, other), key=lambda e: (e.first_at, e.id))
                    self.merge(kept, gone, "system", "", now)
                    changed[kept.id], changed[gone.id] = kept, gone
        return [e for e in changed.values() if e.id in self.live or e.merged_into]

    def merge(self, kept: LiveEvent, gone: LiveEvent, actor: str, note: str, at: datetime) -> None:
        """`gone` becomes part of `kept`; both say so."""
        kept.absorb(gone)
        self.live.move_to_end(kept.id)  # it has what was joined last
        self._index.absorb(kept.slot, gone.slot)
        self._drop(gone)
        self.alias(gone.id, kept.id)
        gone.merged_into = kept.id
        for event, other in ((kept, gone), (gone, kept)):
            event.note(EventChange(at=at, actor=actor, action="merged", other=other.id, note=note))
        self._several(kept)

    def alias(self, gone: str, kept: str) -> None:
        """Whatever belongs to `gone` belongs to `kept`, live or not."""
        self._aliases[gone] = kept
        if len(self._aliases) > MAX_ALIASES:
            self._aliases.popitem(last=False)

    def own(self, event_id: str, source: str, at: datetime) -> LiveEvent:
        """The live event `event_id`, begun by an item of `source` when there is none."""
        event = self.live.get(event_id)
        if event is None:
            self._make_room(source)
            event = LiveEvent(event_id, source, at, self._index.place())
            event.named = self.names.get(event_id, "")
            self.live[event_id] = self._places[event.slot] = event
            self._singles[source][event_id] = None
        return event

    def move(self, brief: OpinionBrief, event: LiveEvent, now: datetime) -> None:
        """Count an item in `event` from now on, wherever it was."""
        before = self.live.get(self.event_of(brief.origin_id) or "")
        if before is event:
            return
        if before is not None:
            before.leave(brief)
        # Its thread stays where it is: of a reply that was moved the event has the reply alone.
        alone = brief.root_id is not None and self.event_of(brief.root_id) != event.id
        event.join(brief, now, again=False, thing=brief.origin_id if alone else "")
        self._index.join(event.slot, terms_of([brief])[0], brief.published_at.timestamp() / 3600)
        self._note(event, brief)
        if brief.root_id is None:
            self._remember(brief.cluster_id, event.id)

    def expire(self, now: datetime, idle: timedelta) -> None:
        """Let go of events that nothing has joined for `idle` (arrival time)."""
        while self.live:
            event = next(iter(self.live.values()))
            if event.arrived_at >= now - idle:
                return
            self._forget(event)

    def _find(self, brief: OpinionBrief, terms: Terms, hour: float) -> LiveEvent | None:
        # A reply is of its thread: by its text ("顶") it would take the whole thread along.
        cluster = None if brief.root_id else brief.cluster_id
        for origin in (brief.origin_id, brief.root_id, brief.parent_id, cluster):
            found = self.event_of(origin) if origin else None
            event = self.live.get(found) if found else None
            if event is not None:
                return event
        # A reply or repost whose root has not been seen waits for it under its own event.
        return None if brief.root_id else self._places.get(self._index.find(terms, hour))

    def _begin(self, brief: OpinionBrief) -> LiveEvent:
        # An event is named after its first thing: the root, where an answer comes before it.
        return self.own(
            self.resolve(content_id("event", brief.root_id or brief.cluster_id)),
            brief.source,
            brief.published_at,
        )

    def _blend(self, event: LiveEvent, brief: OpinionBrief, terms: Terms, hour: float) -> bool:
        """Add the item's terms to its event's; whether it had any of its own."""
        copy = brief.cluster_id != brief.origin_id and event.items > 1
        if copy or (brief.root_id is not None and event.items > 1):
            self._index.touch(event.slot, hour)
            return False
        self._index.join(event.slot, terms, hour)
        return True

    def _mergeable(self, event: LiveEvent, other: LiveEvent) -> bool:
        return (
            not event.named
            and not other.named
            and not ({(event.id, other.id), (other.id, event.id)} & self.apart)
        )

    def _note(self, event: LiveEvent, brief: OpinionBrief) -> None:
        self.live.move_to_end(event.id)
        if event.items > 1:
            self._several(event)
        self._remember(brief.origin_id, event.id, _version(brief))
        # An answer or copy may come before what it is of: the rest of its thread or text joins it.
        of = brief.root_id or brief.cluster_id
        if of != brief.origin_id and self.event_of(of) not in self.live:
            self._remember(of, event.id)

    def _counted(self, origin: str) -> int:
        return self._things.get(origin, ("", 0))[1]

    def _remember(self, origin: str, event_id: str, version: int = 0) -> None:
        self._things[origin] = (event_id, version or self._counted(origin))
        self._things.move_to_end(origin)
        if len(self._things) > self._max_origins:
            self._things.popitem(last=False)

    def _make_room(self, source: str) -> None:
        """Where the bound is reached: a source that has many single events loses its oldest."""
        if len(self.live) < self._max_events:
            return
        own = self._singles.get(source)
        if own and len(own) > max(1.0, ONE_SOURCE * self._max_events):
            self._forget(self.live[next(iter(own))])
        else:
            self._forget(next(iter(self.live.values())))

    def _forget(self, event: LiveEvent) -> None:
        self._drop(event)
        self._index.free(event.slot)

    def _drop(self, event: LiveEvent) -> None:
        del self.live[event.id]
        del self._places[event.slot]
        self._several(event)

    def _several(self, event: LiveEvent) -> None:
        """It is no single event of its source any more."""
        own = self._singles.get(event.begun_by)
        if own is not None:
            own.pop(event.id, None)
            if not own:
                del self._singles[event.begun_by]


def _version(brief: OpinionBrief) -> int:
    """60 bits of a hash of what it says; never 0."""
    return int(brief.id[:15], 16) | 1 << 60
