"""What the rules of config/rules.yaml say of counts, words and matters. Pure.

Time is an argument: the same functions serve the timer and the dry run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.rule_file import DAY, AlertLevel, Flatline, NewTerm, Spike, Threshold
from schemas.analysis import LEVEL_RANK, Level
from schemas.base import content_id
from schemas.rule_state import RuleState

FEWEST = 3  # windows of a baseline: fewer say nothing


@dataclass(frozen=True)
class Counts:
    """Items per window, one after the other; the last window ends at `end`."""

    end: datetime
    window: timedelta
    counts: Sequence[int]

    @property
    def now(self) -> int:
        return self.counts[-1] if self.counts else 0

    def _before(self) -> Sequence[int]:
        """Without the last window, and without the time before the first item of all."""
        first = next((n for n, count in enumerate(self.counts) if count), len(self.counts))
        return self.counts[first:-1]

    def last_hours(self, hours: int) -> float | None:
        """Mean of the windows of the last hours; None: too little history."""
        wanted = max(1, int(timedelta(hours=hours) / self.window))
        return _mean(self._before()[-wanted:])

    def same_time(self, days: int) -> float | None:
        """Mean of this time of day on the last days; None: too little history."""
        a_day, before = int(DAY / self.window), self._before()
        places = [a_day * n - 1 for n in range(1, days + 1)]
        return _mean([before[-1 - place] for place in places if place < len(before)])


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if len(values) >= FEWEST else None


@dataclass(frozen=True)
class Fired:
    """A rule spoke of a matter; `matter` tells it from others of the same rule."""

    rule: str
    level: Level
    title: str
    evidence: str
    items: int
    at: datetime
    matter: str = ""

    @property
    def matter_id(self) -> str:
        return content_id("rule", self.rule, self.matter)


def reached(at: Mapping[AlertLevel, float], value: float) -> Level | None:
    """The gravest level whose number `value` reaches."""
    levels: list[Level] = [level for level, number in at.items() if value >= number]
    return max(levels, key=LEVEL_RANK.__getitem__, default=None)


def judge(rule: Threshold | Spike | Flatline, counts: Counts) -> Fired | None:
    """What a rule about numbers says at the end of the last window."""
    match rule:
        case Threshold():
            level, why = reached(rule.at, counts.now), f"{_span(rule.window)}内 {counts.now} 条"
        case Spike():
            level, why = _spike(rule, counts)
        case Flatline():
            level, why = _flatline(rule, counts)
    if level is None:
        return None
    return Fired(rule.id, level, rule.name, why, counts.now, counts.end)


def _spike(rule: Spike, counts: Counts) -> tuple[Level | None, str]:
    hours, days = counts.last_hours(rule.hours), counts.same_time(rule.days)
    known = [base for base in (hours, days) if base is not None]
    if not known or counts.now < rule.at_least:
        return None, ""
    # Both have to be surpassed: a busy morning is no spike, nor is a quiet night's end.
    times = counts.now / max(*known, 0.5) if len(known) > 1 else counts.now / max(known[0], 0.5)
    why = f"{_span(rule.window)}内 {counts.now} 条，为基线的 {times:.1f} 倍"
    why += f"（近 {rule.hours} 小时 {_shown(hours)}，同一时段 {_shown(days)}）"
    return reached(rule.at, times), why


def _flatline(rule: Flatline, counts: Counts) -> tuple[Level | None, str]:
    usual = counts.same_time(rule.days)
    if usual is None or usual < rule.usual or counts.now >= usual * rule.below:
        return None, ""
    return rule.level, f"{_span(rule.window)}内 {counts.now} 条，平日同一时段 {usual:.1f} 条"


@dataclass(frozen=True)
class Term:
    word: str
    now: int  # items of the window
    before: int  # items of the days before


def new_terms(rule: NewTerm, terms: Sequence[Term], end: datetime) -> list[Fired]:
    """The most frequent new words, each a matter of its own."""
    found = []
    for term in sorted(terms, key=lambda each: (-each.now, each.word)):
        level = reached(rule.at, term.now)
        if level and not term.before and len(term.word) > 1 and not term.word.isdigit():
            why = f"{_span(rule.window)}内 {term.now} 条提到，此前 {rule.days} 天没有"
            title = f"{rule.name}：{term.word}"
            found.append(Fired(rule.id, level, title, why, term.now, end, term.word))
    return found[: rule.most]


def speaks(fired: Fired, before: RuleState | None, quiet: timedelta) -> bool:
    """Whether it is to be told: for the first time, graver than before, or long ago."""
    if before is None or LEVEL_RANK[fired.level] > LEVEL_RANK[before.level]:
        return True
    return fired.at - before.fired_at >= quiet


def _shown(value: float | None) -> str:
    return "历史不足" if value is None else f"{value:.1f}"


def _span(window: timedelta) -> str:
    minutes = int(window.total_seconds() // 60)
    return f"{minutes // 60} 小时" if minutes % 60 == 0 else f"{minutes} 分钟"
