"""Severity 0–100 and level I–IV from rules, every point explained (D1, D2)."""

from __future__ import annotations

from collections.abc import Sequence

from models.severity_file import Raise, Words, is_context
from models.severity_points import Facts, floor_of, joined, reason_of
from models.severity_rules import Rules
from models.severity_words import Found, look
from schemas.analysis import LEVEL_RANK, LEVELS, Level, Reason, Severity

__all__ = ["Facts", "level_of", "score", "score_event"]


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
        reason = reason_of(rule, facts, found)
        if reason is None:
            continue
        if isinstance(rule, Raise):
            raises.append(reason)
        else:
            (context if is_context(rule) else base).append(reason)
    reasons = base
    total = sum(reason.points for reason in base)
    floor, grade = floor_of(facts.harm, rules) if found.figures else ("none", None)
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
            Reason(rule=raises[0].rule, points=_round(least - total), evidence=raises[0].evidence)
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
            off = max(guard.points, -max(total, 0.0)) + 0.0
            evidence = joined(words)
            if found.dropped:
                evidence += f"（不计：{joined(found.dropped)}）"
            reasons.append(Reason(rule=guard.id, points=_round(off), evidence=evidence))
            total += off
    return total


def _round(value: float) -> float:
    return round(value, 2)
