"""One live event: its counts, words and samples; models.event_record makes the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.analysis import Act, Level, Reason
from schemas.event import EarlySign, EventChange, Phase, Sample
from schemas.opinion import OpinionBrief

WORDS = 30  # kept of an event; twice as many before the lightest are dropped
SAMPLES = 5
DENIALS = 3
DENIED = "denied"  # the sign of config/rumour.yaml that a text calls something false
HOURS = 72  # of the volume kept by hour
LABELS = 200  # of a tally; the rarer half goes
THINGS = 200  # cluster and root ids kept, to find an event's items by
LATEST = 3  # texts kept for the title, beside the strongest
HISTORY = 20
FUTURE = timedelta(days=1)  # a date so far ahead is a mistake; the time of arrival counts
HOUR = timedelta(hours=1)


class Said(NamedTuple):
    """What is kept of an item that may speak for its event."""

    score: float
    level: Level
    act: Act
    reasons: list[Reason]
    title: str
    content: str


_NONE: dict[str, int] = {}
NOTHING = Said(0.0, "none", "report", [], "", "")


class LiveEvent:
    """Mutable on purpose: items join by the thousand per second."""

    __slots__ = (
        "arrived_at", "begun_by", "best", "denials", "documents", "first_at", "first_source",
        "first_tier", "followers", "future", "harm", "headline", "history", "hours", "id",
        "items", "last_at", "latest", "level", "merged_into", "named", "parted", "pending", "phase",
        "reasons", "samples", "score", "signalled", "signs", "slot", "sums", "tallies", "things",
        "told", "top_tier",
    )  # fmt: skip

    def __init__(self, event_id: str, source: str, at: datetime, slot: int = -1) -> None:
        self.id, self.slot = event_id, slot
        self.first_at = self.last_at = self.arrived_at = at
        self.first_source = self.begun_by = source
        self.first_tier: str | None = None  # of the carrier of the earliest item
        self.items = self.documents = self.future = 0
        self.score = 0.0
        self.level: Level = "none"
        self.phase: Phase = "latent"  # at the last change
        self.reasons: list[Reason] = []
        self.best = NOTHING  # the gravest item
        self.headline = NOTHING  # the gravest that has a title: answers have none
        self.harm: dict[str, int] = {}  # the most that an item stated, by kind
        self.followers = 0  # of the most followed author
        self.signalled: tuple[Level, int, float] = ("none", 0, 0.0)
        self.top_tier: str | None = None  # of its carriers, at the last look
        self.told: tuple[str, ...] = ()  # early signals raised, each once
        self.pending: list[tuple[str, list[str]]] = []  # early signals to raise: kind, reasons
        self.signs: list[EarlySign] = []
        self.hours: dict[int, int] = {}
        self.tallies: dict[str, dict[str, int]] = {}
        self.samples: list[tuple[float, Sample]] = []
        self.latest: list[str] = []
        self.denials: list[Sample] = []
        self.things: dict[str, None] = {}
        self.parted: dict[str, None] = {}
        self.history: list[EventChange] = []
        self.merged_into: str | None = None
        self.named = ""  # by an analyst
        self.sums: dict[str, float] = {}  # the words and their weights

    def tally(self, name: str) -> dict[str, int]:
        """Read only."""
        return self.tallies.get(name) or _NONE

    def most(self, name: str, limit: int) -> list[tuple[str, int]]:
        """The labels of a tally that occur most, with how often; of equals the first seen."""
        tally = self.tallies.get(name)
        if not tally:
            return []
        if len(tally) == 1:
            return list(tally.items())
        return sorted(tally.items(), key=lambda pair: -pair[1])[:limit]

    def join(self, brief: OpinionBrief, now: datetime, again: bool, thing: str = "") -> None:
        """Count one item; `again` when it is a new version of a thing that was counted. `thing`:
        what belongs to this event with it, where that is not its whole thread or text."""
        at = brief.published_at
        if at > now + FUTURE:
            at, self.future = now, self.future + 1
        if not self.items:
            self.first_at = self.last_at = at
            self.first_tier = brief.tier
        self.arrived_at = now
        if at < self.first_at:
            self.first_at, self.first_source, self.first_tier = at, brief.source, brief.tier
        if at > self.last_at:
            self.last_at = at
        if not again:
            self._count(brief, at, 1)
            if len(self.things) < THINGS:
                self.things[thing or brief.root_id or brief.cluster_id] = None
            if self.parted:
                self.parted.pop(brief.origin_id, None)
        if brief.followers and brief.followers > self.followers:
            self.followers = brief.followers
        for name, value in brief.harm.items():
            self.harm[name] = max(self.harm.get(name, 0), value)
        # The words of answers wander; those of posts and articles say what it is about.
        if brief.root_id is None or not self.sums:
            self._blend(brief.keywords, brief.weights)
            text = brief.title or brief.content
            if text and text not in self.latest:
                self.latest = [*self.latest[-LATEST + 1 :], text]
        if brief.score > self.best.score or self.best is NOTHING:
            self.best = _said(brief)
        if self.headline is NOTHING or (
            brief.title and (brief.score > self.headline.score or not self.headline.title)
        ):
            same = self.best.title == brief.title and self.best.score == brief.score
            self.headline = self.best if same else _said(brief)
        self._sample(brief)
        if DENIED in brief.signs and brief.tier != "public" and self.items > 1:
            self.denials = [*self.denials, sample_of(brief)][-DENIALS:]

    def leave(self, brief: OpinionBrief) -> None:
        """Count an item no more: an analyst split it off. What it raised (harm, level) is
        taken back as far as counts go; the samples no longer show it."""
        self._count(brief, min(brief.published_at, self.last_at), -1)
        self._blend(brief.keywords, [-weight for weight in brief.weights])
        self.samples = [pair for pair in self.samples if pair[1].id != brief.id]
        self.latest = [text for text in self.latest if text != (brief.title or brief.content)]
        if brief.root_id is None:
            self.things.pop(brief.cluster_id, None)
        elif brief.origin_id in self.things:
            del self.things[brief.origin_id]
        elif len(self.parted) < THINGS:
            self.parted[brief.origin_id] = None

    def absorb(self, other: LiveEvent) -> None:
        """Take in all that `other` counted."""
        if other.first_at < self.first_at:
            self.first_at, self.first_tier = other.first_at, other.first_tier
            self.first_source = other.first_source
        self.last_at = max(self.last_at, other.last_at)
        self.arrived_at = max(self.arrived_at, other.arrived_at)
        self.items, self.documents = self.items + other.items, self.documents + other.documents
        self.future += other.future
        self.followers = max(self.followers, other.followers)
        for name, value in other.harm.items():
            self.harm[name] = max(self.harm.get(name, 0), value)
        for hour, count in other.hours.items():
            self.hours[hour] = self.hours.get(hour, 0) + count
        for name, counts in other.tallies.items():
            for label, count in counts.items():
                self._add(name, (label,), count)
        self.best = max(self.best, other.best, key=lambda brief: brief.score)
        self.headline = max(
            self.headline, other.headline, key=lambda brief: (bool(brief.title), brief.score)
        )
        kept = {pair[1].content: pair for pair in [*other.samples, *self.samples]}
        self.samples = sorted(kept.values(), key=lambda pair: -pair[0])[:SAMPLES]
        self.latest = [*other.latest, *self.latest][-LATEST:]
        self.denials = [*self.denials, *other.denials][-DENIALS:]
        things, parted = self.things | other.things, self.parted | other.parted
        back = things.keys() & parted.keys()  # with the thread that they had left
        self.things = dict.fromkeys([key for key in things if key not in back][:THINGS])
        self.parted = dict.fromkeys([key for key in parted if key not in back][:THINGS])
        self.signs = [*self.signs, *other.signs][-4:]
        self._blend(list(other.sums), list(other.sums.values()))

    def note(self, change: EventChange) -> None:
        self.history = [*self.history, change][-HISTORY:]

    def _count(self, brief: OpinionBrief, at: datetime, by: int) -> None:
        self.items += by
        self.documents += by * (brief.cluster_id == brief.origin_id)
        hours = self.hours
        hour = int(at.timestamp() // 3600)
        hours[hour] = hours.get(hour, 0) + by
        if len(hours) > 2 * HOURS:
            for old in sorted(hours)[:-HOURS]:
                del hours[old]
        self._add("channels", (brief.channel,), by)
        self._add("attitudes", (brief.attitude,), by)
        self._add("tiers", (brief.tier,), by)
        self._add("sources", (brief.source,), by)
        if brief.region:
            self._add("regions", (brief.region,), by)
        for name in ("topics", "departments", "places", "subjects"):
            values = getattr(brief, name)
            if values:
                self._add(name, values, by)

    def _add(self, name: str, values: tuple[str, ...] | list[str], by: int) -> None:
        tally = self.tallies.get(name)
        if tally is None:
            tally = self.tallies[name] = {}
        for value in values:
            count = tally.get(value, 0) + by
            if count > 0:
                tally[value] = count
            else:
                tally.pop(value, None)
        if len(tally) > LABELS:
            self.tallies[name] = dict(self.most(name, LABELS // 2))

    def _blend(self, words: list[str], weights: list[float]) -> None:
        sums = self.sums
        for word, weight in zip(words, weights, strict=True):
            sums[word] = sums.get(word, 0.0) + weight
        if len(sums) > 2 * WORDS:
            self.sums = dict(sorted(sums.items(), key=lambda kv: (-kv[1], kv[0]))[:WORDS])

    def _sample(self, brief: OpinionBrief) -> None:
        if not (brief.title or brief.content):
            return
        worth = brief.score + 0.001 * (brief.followers or 0) ** 0.5
        if len(self.samples) < SAMPLES or worth > self.samples[-1][0]:
            sample = sample_of(brief)
            kept = [pair for pair in self.samples if pair[1].content != sample.content]
            kept.append((worth, sample))
            self.samples = sorted(kept, key=lambda pair: -pair[0])[:SAMPLES]

    def last_hours(self) -> tuple[int, int]:
        """Items in the clock hour of the last item and in the one before."""
        last = int(self.last_at.timestamp() // 3600)
        return self.hours.get(last, 0), self.hours.get(last - 1, 0)


def _said(brief: OpinionBrief) -> Said:
    return Said(brief.score, brief.level, brief.act, brief.reasons, brief.title, brief.content)


def sample_of(brief: OpinionBrief) -> Sample:
    return Sample(
        id=brief.id, source=brief.source, published_at=brief.published_at, title=brief.title,
        content=brief.content,
    )  # fmt: skip
