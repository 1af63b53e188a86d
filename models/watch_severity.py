"""A watch topic with a level: what matches it has at least that level, and says why. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from models.severity_file import Levels
from models.watch import Watch
from schemas.analysis import LEVEL_RANK, Reason, Severity


def lifted(severity: Severity, found: Sequence[Watch], levels: Levels) -> Severity:
    """`severity`, or the level of the gravest watch in `found` with the score it begins at."""
    grave = [(LEVEL_RANK[watch.level], watch) for watch in found if watch.level]
    if not grave:
        return severity
    rank, watch = max(grave, key=lambda pair: pair[0])
    if rank <= LEVEL_RANK[severity.level]:
        return severity
    assert watch.level
    score = max(severity.score, getattr(levels, watch.level))
    reason = Reason(
        rule=f"watch-{watch.id}", points=round(score - severity.score, 2),
        evidence=f"关注专题：{watch.name}",
    )  # fmt: skip
    return Severity(score=score, level=watch.level, reasons=[*severity.reasons, reason])
