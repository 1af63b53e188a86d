"""What the severity rules look at, taken from an item and its analysis."""

from __future__ import annotations

from models.casualties import Harm
from models.severity import Facts
from schemas.analysis import Analysis
from schemas.opinion import Opinion
from schemas.raw_item import Counts, RawItem


def facts_of(item: RawItem | Opinion, analysis: Analysis | Opinion, harm: Harm) -> Facts:
    """An opinion that is stored is both: the item and what was made of it."""
    counts = item.counts or Counts()
    attitude = analysis.attitude
    return Facts(
        topics=tuple(topic.label for topic in analysis.topics),
        departments=tuple(department.id for department in analysis.departments),
        attitude=attitude.label,
        confidence=getattr(attitude, attitude.label),
        act=analysis.act,
        harm=harm,
        tier=item.tier,
        views=counts.views or 0,
        likes=counts.likes or 0,
        comments=counts.comments or 0,
        reposts=counts.reposts or 0,
        followers=(item.author.followers or 0) if item.author else 0,
        rumour=analysis.rumour.score or 0.0,
    )
