"""One live event: its counts, words and samples, and the record made of them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from schemas.analysis import Level, Reason
from schemas.event import Event, Phase, Sample, Tally
from schemas.opinion import OpinionBrief

WORDS = 30  # kept of an event; twice as many before the lightest are dropped
SAMPLES = 5
DENIALS = 3
DENIED = "denied"  # the sign of config/rumour.yaml that a text calls something false
HOURS = 72  # of the volume kept by hour
SHOWN = 20  # labels of a tally
HOUR = timedelta(hours=1)


class LiveEvent:
    """Mutable on purpose: items join by the thousand per second."""

    def __init__(self, event_id: str, first: OpinionBrief) -> None:
        self.id = event_id
        self.first_at = self.last_at = first.published_at
        self.first_source = first.source
        self.arrived_at = first.published_at
        self.items = self.documents = 0
        self.score = 0.0
        self.level: Level = "none"
        self.reasons: list[Reason] = []
        self.best: OpinionBrief = first  # the gravest item
        self.headline: OpinionBrief = first  # the gravest that has a title: answers have none
        self.harm: dict[str, int] = {}  # the most that an item stated, by kind
        self.followers = 0  # of the most followed author
        self.signalled: tuple[Level, int, float] = ("none", 0, 0.0)
        self.top_tier: str | None = None  # of its carriers, at the last look
        self.hours: Counter[int] = Counter()
        self.tallies: dict[str, Counter[str]] = {
            name: Counter()
            for name in (
                "channels", "sources", "attitudes", "tiers", "topics", "departments", "places",
                "subjects",
            )
        }  # fmt: skip
        self.samples: list[tuple[float, Sample]] = []
        self.denials: list[Sample] = []
        self.indexed: set[str] = set()
        self._sums: dict[str, float] = {}
        self._square = 0.0

    def join(self, brief: OpinionBrief, now: datetime, again: bool) -> None:
        """Count one item; `again` when it is a new version of a thing that was counted."""
        self.arrived_at = now
        if brief.published_at < self.first_at:
            self.first_at, self.first_source = brief.published_at, brief.source
        self.last_at = max(self.last_at, brief.published_at)
        if not again:
            self._count(brief)
        self.followers = max(self.followers, brief.followers or 0)
        for name, value in brief.harm.items():
            self.harm[name] = max(self.harm.get(name, 0), value)
        # The words of answers wander; those of posts and articles say what it is about.
        if brief.root_id is None or not self._sums:
            self._blend(brief)
        if brief.score > self.best.score or not self.samples:
            self.best = brief
        if brief.title and (brief.score > self.headline.score or not self.headline.title):
            self.headline = brief
        self._sample(brief)
        if DENIED in brief.signs and brief.tier != "public" and self.items > 1:
            self.denials = [*self.denials, _sample_of(brief)][-DENIALS:]

    def _count(self, brief: OpinionBrief) -> None:
        self.items += 1
        self.documents += brief.cluster_id == brief.origin_id
        self.hours[int(brief.published_at.timestamp() // 3600)] += 1
        if len(self.hours) > 2 * HOURS:
            for hour in sorted(self.hours)[:-HOURS]:
                del self.hours[hour]
        tallies = self.tallies
        tallies["channels"][brief.channel] += 1
        tallies["attitudes"][brief.attitude] += 1
        tallies["tiers"][brief.tier] += 1
        tallies["sources"][brief.source] += 1
        for name in ("topics", "departments", "places", "subjects"):
            values = getattr(brief, name)
            if values:
                tally = tallies[name]
                tally.update(values)
                if len(tally) > 200:
                    tallies[name] = Counter(dict(tally.most_common(100)))

    def _blend(self, brief: OpinionBrief) -> None:
        sums = self._sums
        for word, weight in zip(brief.keywords, brief.weights, strict=True):
            before = sums.get(word, 0.0)
            sums[word] = before + weight
            self._square += weight * (2 * before + weight)
        if len(sums) > 2 * WORDS:
            self._sums = dict(sorted(sums.items(), key=lambda kv: (-kv[1], kv[0]))[:WORDS])
            self._square = sum(value * value for value in self._sums.values())

    def _sample(self, brief: OpinionBrief) -> None:
        if not (brief.title or brief.content):
            return
        worth = brief.score + 0.001 * (brief.followers or 0) ** 0.5
        if len(self.samples) < SAMPLES or worth > self.samples[-1][0]:
            sample = _sample_of(brief)
            kept = [pair for pair in self.samples if pair[1].content != sample.content]
            kept.append((worth, sample))
            self.samples = sorted(kept, key=lambda pair: -pair[0])[:SAMPLES]

    def weight(self, word: str) -> float:
        """Of a word in the event's unit vector; 0 when it is not in it."""
        return self._sums.get(word, 0.0) / (self._square**0.5 or 1.0)

    def near(self, when: datetime, gap: timedelta) -> bool:
        return self.first_at - gap <= when <= self.last_at + gap

    def reindexed(self) -> tuple[set[str], set[str]]:
        """(words no longer of this event, words new to it) since the last call."""
        words = self._sums.keys()
        if words == self.indexed:
            return set(), set()
        gone, come = self.indexed - words, words - self.indexed
        self.indexed = set(words)
        return gone, come

    def last_hours(self) -> tuple[int, int]:
        """Items in the clock hour of the last item and in the one before."""
        last = int(self.last_at.timestamp() // 3600)
        return self.hours[last], self.hours[last - 1]

    def phase(self) -> Phase:
        """Latent while small; then by the last hour against the one before and the peak."""
        now, before = self.last_hours()
        peak = max(self.hours.values(), default=0)
        if self.items < 5:
            return "latent"
        if now >= 2 * max(before, 1) and now == peak:
            return "outbreak"
        if now >= 2 * max(before, 1):
            return "rebound"
        return "decline" if now < peak / 3 else "spread"

    def record(self, now: datetime) -> Event:
        last_hour, previous_hour = self.last_hours()
        words = sorted(self._sums, key=lambda word: (-self._sums[word], word))[:12]
        top = {name: [label for label, _ in t.most_common(SHOWN)]
               for name, t in self.tallies.items()}  # fmt: skip
        return Event(
            id=self.id,
            title=self.headline.title or self.headline.content[:60] or "（无文字）",
            words=" ".join(words),
            keywords=words,
            first_at=self.first_at,
            last_at=self.last_at,
            updated_at=now,
            items=self.items,
            documents=self.documents,
            first_source=self.first_source,
            channels=_tally(self.tallies["channels"]),
            sources=_tally(self.tallies["sources"]),
            attitudes=_tally(self.tallies["attitudes"]),
            tiers=_tally(self.tallies["tiers"]),
            topics=top["topics"],
            departments=top["departments"],
            places=top["places"],
            subjects=top["subjects"],
            phase=self.phase(),
            last_hour=last_hour,
            previous_hour=previous_hour,
            hours=dict(sorted(self.hours.items())[-HOURS:]),
            score=self.score,
            level=self.level,
            reasons=self.reasons,
            denials=self.denials,
            samples=[sample for _, sample in self.samples],
        )


def _tally(counts: Counter[str]) -> list[Tally]:
    return [Tally(label=label, count=count) for label, count in counts.most_common(SHOWN)]


def _sample_of(brief: OpinionBrief) -> Sample:
    return Sample(
        id=brief.id, source=brief.source, published_at=brief.published_at, title=brief.title,
        content=brief.content,
    )  # fmt: skip
