"""Severity 0–100 and level I–IV from rules, every point explained (D1, D2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.casualties import Harm
from models.severity_rules import (
    ActRule, AttitudeRule, Raise, Remit, Rules, Steps, TierRule, TopicRule, Words, is_context,
)  # fmt: skip
from models.severity_words import Found, look
from schemas.analysis import LEVEL_RANK, LEVELS, Act, AttitudeLabel, Level, Reason, Severity
from schemas.raw_item import Tier


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an item, or of an event (its counts summed), beside its text."""

    topics: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    attitude: AttitudeLabel = "neutral"
    confidence: float = 1.0  # of the attitude
    act: Act = "report"
    harm: Harm = field(default_factory=Harm)
    tier: Tier = "public"
    views: int = 0
    likes: int = 0
    comments: int = 0
    reposts: int = 0
    followers: int = 0  # of the author
    copies: int = 0  # in the cluster
    per_hour: float = 0.0  # items of the last hour
    rumour: float = 0.0  # score 0–1


def score(facts: Sequence[Facts], texts: Sequence[str], rules: Rules) -> list[Severity]:
    """One severity per item; the points of its reasons add up to its score."""
    found = look(texts, rules)
    return [_score(fact, words, rules) for fact, words in zip(facts, found, strict=True)]


def score_event(facts: Facts, carried: Sequence[Reason], rules: Rules) -> Severity:
    """An event: its facts, with the reasons that words of its strongest item gave.

    `carried` may hold all reasons of that item; those that are not about words are ignored.
    """
    kinds = {rule.id: rule for rule in rules.file.rules}
    found = Found()
    for reason in carried:
        if isinstance(kinds.get(reason.rule), Words | Raise):
            found.words[reason.rule] = [reason.evidence]
        elif any(guard.id == reason.rule for guard in rules.file.guards):
            found.guards[reason.rule] = [reason.evidence]
            found.figures = False
    return _score(facts, found, rules)


def level_of(value: float, rules: Rules) -> Level:
    """The level that begins at or under `value`."""
    levels = rules.file.levels
    for level in reversed(LEVELS[1:]):
        if value >= getattr(levels, level):
            return level
    return "none"


def _score(facts: Facts, found: Found, rules: Rules) -> Severity:
    base: list[Reason] = []
    context: list[Reason] = []
    raises: list[Reason] = []
    for rule in rules.file.rules:
        reason = _reason(rule, facts, found)
        if reason is None:
            continue
        if isinstance(rule, Raise):
            raises.append(reason)
        else:
            (context if is_context(rule) else base).append(reason)
    reasons = base
    total = sum(reason.points for reason in base)
    floor, grade = _floor(facts.harm, rules) if found.figures else ("none", None)
    if total > 0 or grade:
        total += _add_context(reasons, context, rules.file.context_most)
    total = _take_off(reasons, found, total, rules)
    if grade and LEVEL_RANK[level_of(total, rules)] < LEVEL_RANK[floor]:
        least = getattr(rules.file.levels, floor)
        reasons.append(Reason(rule=grade[0], points=_round(least - total), evidence=grade[1]))
        total = least
    elif grade:
        reasons.append(Reason(rule=grade[0], points=0.0, evidence=grade[1]))
    level = level_of(total, rules)
    if raises and level not in ("none", "I"):
        above = LEVELS[LEVEL_RANK[level] + 1]
        least = getattr(rules.file.levels, above)
        reasons.append(
            Reason(
                rule=raises[0].rule, points=_round(least - total), evidence=raises[0].evidence
            )
        )
        total, level = least, above
    for bound, over in ((100.0, total > 100), (0.0, total < 0)):
        if over:
            reasons.append(Reason(rule="bounds", points=_round(bound - total), evidence="0–100"))
            total = bound
    return Severity(score=_round(total), level=level, reasons=reasons)


def _add_context(reasons: list[Reason], context: list[Reason], most: float) -> float:
    added = sum(reason.points for reason in context)
    reasons += context
    if added > most:
        reasons.append(
            Reason(rule="context-most", points=_round(most - added), evidence=f"≤ {most:g}")
        )
        added = most
    return added


def _take_off(reasons: list[Reason], found: Found, total: float, rules: Rules) -> float:
    for guard in rules.file.guards:
        words = found.guards.get(guard.id)
        if words:
            off = max(guard.points, -max(total, 0.0))
            reasons.append(Reason(rule=guard.id, points=_round(off), evidence=_list(words)))
            total += off
    return total


def _floor(harm: Harm, rules: Rules) -> tuple[Level, tuple[str, str] | None]:
    for grade in rules.file.grades:
        for name, value in (
            ("deaths", harm.deaths),
            ("serious", harm.serious),
            ("loss_yuan", harm.loss_yuan),
        ):
            least = getattr(grade, name)
            if value is not None and value >= least:
                return grade.level, (f"grade-{grade.level}", f"{name} {value} ≥ {least}")
    return "none", None


def _reason(rule: object, facts: Facts, found: Found) -> Reason | None:
    if isinstance(rule, Words | Raise):
        words = found.words.get(rule.id)
        points = rule.points if isinstance(rule, Words) else 0.0
        return Reason(rule=rule.id, points=points, evidence=_list(words)) if words else None
    if isinstance(rule, AttitudeRule):
        if facts.attitude != rule.label or facts.confidence < rule.at_least:
            return None
        return Reason(rule=rule.id, points=rule.points, evidence=f"{facts.attitude} {facts.confidence:.2f}")
    if isinstance(rule, ActRule):
        return _plain(rule.id, rule.points, facts.act) if facts.act in rule.acts else None
    if isinstance(rule, Steps):
        return _step(rule, facts)
    if isinstance(rule, TierRule):
        points = rule.at.get(facts.tier, 0.0)
        return _plain(rule.id, points, facts.tier) if points else None
    if isinstance(rule, Remit) and facts.departments:
        points = min(rule.points * len(facts.departments), rule.most)
        return _plain(rule.id, points, _list(list(facts.departments)))
    if isinstance(rule, TopicRule):
        named = [topic for topic in facts.topics if topic in rule.topics]
        return _plain(rule.id, rule.points, _list(named)) if named else None
    return None


def _step(rule: Steps, facts: Facts) -> Reason | None:
    value = getattr(facts.harm if hasattr(facts.harm, rule.of) else facts, rule.of) or 0
    reached = [step for step in rule.at if value >= step]
    if not reached:
        return None
    step = max(reached)
    return _plain(rule.id, rule.at[step], f"{rule.of} {value:g} ≥ {step:g}")


def _plain(rule: str, points: float, evidence: str) -> Reason:
    return Reason(rule=rule, points=points, evidence=evidence)


def _list(words: Sequence[str]) -> str:
    return "、".join(dict.fromkeys(words[:8]))


def _round(value: float) -> float:
    return round(value, 2)
