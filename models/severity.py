"""Severity 0–100 and level I–IV from rules, every point explained (D1, D2)."""

from __future__ import annotations

from collections.abc import Sequence

from models.casualties import Harm
from models.severity_file import Raise
from models.severity_points import Facts, floor_of, joined, reason_of
from models.severity_rules import Rules
from models.severity_words import Found, look
from schemas.analysis import LEVEL_RANK, LEVELS, Level, Reason, Severity

_UNHARMED = Harm()

__all__ = ["Facts", "at_least", "level_of", "score", "score_event"]


def score(facts: Sequence[Facts], texts: Sequence[str], rules: Rules) -> list[Severity]:
    """One severity per item; the points of its reasons add up to its score."""
    found = look(texts, rules)
    return [_score(fact, words, rules) for fact, words in zip(facts, found, strict=True)]


def score_event(facts: Facts, carried: Sequence[Reason], rules: Rules) -> Severity:
    """An event: its facts, with the reasons that words of its strongest item gave.

    `carried` may hold all reasons of that item; those that are not about words are ignored.
    """
    found = Found()
    for reason in carried:
        if reason.rule in rules.worded:
            found.words[reason.rule] = [reason.evidence]
        elif any(guard.id == reason.rule for guard in rules.file.guards):
            found.guards[reason.rule] = [reason.evidence]
            found.figures = False
    return _score(facts, found, rules)


def at_least(found: Severity, level: Level, evidence: str, rules: Rules) -> Severity:
    """A department has judged the matter itself: no lower than that, with the reason."""
    least = getattr(rules.file.levels, level)
    if found.score >= least:
        return found
    reason = Reason(
        rule="department_report", points=_round(least - found.score), evidence=evidence
    )  # fmt: skip
    return Severity(score=least, level=level, reasons=[*found.reasons, reason])


def level_of(value: float, rules: Rules) -> Level:
    """The level that begins at or under `value`."""
    levels = rules.file.levels
    for level in reversed(LEVELS[1:]):
        if value >= getattr(levels, level):
            return level
    return "none"


def _score(facts: Facts, found: Found, rules: Rules) -> Severity:
    reasons = [
        reason
        for rule in rules.base[facts.attitude, facts.act]
        if (reason := reason_of(rule, facts)) is not None
    ]
    lowering = [reason for reason in reasons if reason.points < 0]
    if lowering:
        reasons = [reason for reason in reasons if reason.points >= 0]
    raised = ""
    for name, words in found.words.items():
        rule = rules.worded[name]
        if isinstance(rule, Raise):
            raised = raised or name
        elif rule.points < 0:
            lowering.append(Reason(rule=name, points=rule.points, evidence=joined(words)))
        else:
            reasons.append(Reason(rule=name, points=rule.points, evidence=joined(words)))
    grade = None
    if found.figures and facts.harm != _UNHARMED:
        grade = floor_of(facts.harm, rules)
        reasons += [r for rule in rules.harm if (r := reason_of(rule, facts)) is not None]
    if not reasons and grade is None and not found.dropped:
        return Severity()
    total = sum(reason.points for reason in reasons)
    if total > 0 or grade:
        context = [r for rule in rules.context if (r := reason_of(rule, facts)) is not None]
        total += _add_context(reasons, context, rules.file.context_most)
    total = _take_off(reasons, found, lowering, total, rules)
    level = level_of(total, rules)
    if grade:
        least = max(total, getattr(rules.file.levels, grade[0]))
        reasons.append(
            Reason(rule=f"grade-{grade[0]}", points=_round(least - total), evidence=grade[1])
        )
        total, level = least, level_of(least, rules)
    if raised and level not in ("none", "I"):
        level = LEVELS[LEVEL_RANK[level] + 1]
        least = getattr(rules.file.levels, level)
        evidence = joined(found.words[raised])
        reasons.append(Reason(rule=raised, points=_round(least - total), evidence=evidence))
        total = least
    if total > 100:
        reasons.append(Reason(rule="bounds", points=_round(100 - total), evidence="≤ 100"))
        total = 100.0
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


def _take_off(
    reasons: list[Reason], found: Found, lowering: list[Reason], total: float, rules: Rules
) -> float:
    """Points off, never below nothing: praise, and guards with what they took away."""
    for name, words in found.guards.items():
        evidence = joined(words)
        if found.dropped:
            evidence += f"（不计：{joined(found.dropped)}）"
        lowering.append(Reason(rule=name, points=rules.taken_off[name], evidence=evidence))
    for reason in lowering:
        reason.points = _round(max(reason.points, -total)) + 0.0
        if reason.points or reason.rule in found.guards:
            reasons.append(reason)
            total += reason.points
    return total


def _round(value: float) -> float:
    return round(value, 2)
