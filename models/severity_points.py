"""What one rule of the severity file says of the facts of an item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.casualties import Harm
from models.severity_file import (
    ActRule,
    AttitudeRule,
    Remit,
    Rule,
    Steps,
    TierRule,
    TopicRule,
    is_harm,
)
from models.severity_rules import Rules
from schemas.analysis import Act, AttitudeLabel, Level, Reason
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


def reason_of(rule: Rule, facts: Facts) -> Reason | None:
    """What a rule that reads no words says; None when it does not speak."""
    if isinstance(rule, AttitudeRule):
        if facts.attitude != rule.label or facts.confidence < rule.at_least:
            return None
        return Reason(
            rule=rule.id, points=rule.points, evidence=f"{facts.attitude} {facts.confidence:.2f}"
        )
    if isinstance(rule, ActRule):
        return _plain(rule.id, rule.points, facts.act) if facts.act in rule.acts else None
    if isinstance(rule, Steps):
        return _step(rule, facts)
    if isinstance(rule, TierRule):
        points = rule.at.get(facts.tier, 0.0)
        return _plain(rule.id, points, facts.tier) if points else None
    if isinstance(rule, Remit) and facts.departments:
        points = min(rule.points * len(facts.departments), rule.most)
        return _plain(rule.id, points, joined(list(facts.departments)))
    if isinstance(rule, TopicRule):
        named = [topic for topic in facts.topics if topic in rule.topics]
        return _plain(rule.id, rule.points, joined(named)) if named else None
    return None


def _step(rule: Steps, facts: Facts) -> Reason | None:
    value = getattr(facts.harm if is_harm(rule) else facts, rule.of)
    if not value:
        return None
    reached = [step for step in rule.at if value >= step]
    if not reached:
        return None
    step = max(reached)
    return _plain(rule.id, rule.at[step], f"{rule.of} {value:g} ≥ {step:g}")


def _plain(rule: str, points: float, evidence: str) -> Reason:
    return Reason(rule=rule, points=points, evidence=evidence)


def joined(words: Sequence[str]) -> str:
    return "、".join(dict.fromkeys(words[:8]))


def floor_of(harm: Harm, rules: Rules) -> tuple[Level, str] | None:
    """The accident grade that the figures reach, and the figure."""
    for grade in rules.file.grades:
        for name, value in (
            ("deaths", harm.deaths),
            ("serious", harm.serious),
            ("loss_yuan", harm.loss_yuan),
        ):
            least = getattr(grade, name)
            if value is not None and value >= least:
                return grade.level, f"{name} {value} ≥ {least}"
    return None
