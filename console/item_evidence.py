"""Which words of an item are evidence of what, to be marked in its text. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from console.text_marks import Mark
from schemas.opinion import Opinion

_COMPARISON = re.compile(r"[≥≤<>=]")
Named = Callable[[str], str]


def marks(item: Opinion, topic: Named, department: Named, rule: Named) -> list[Mark]:
    """Longest kinds first in what they say: facts, then labels, then rules."""
    return [*_facts(item), *_labels(item, topic, department), *_reasons(item, rule)]


def _facts(item: Opinion) -> Iterator[Mark]:
    for time in item.times:
        yield Mark(time.text, "time", f"时间 {time.value or '未定'}")
    for place in item.places:
        yield Mark(place.text, "place", f"地点 {place.code or '未识别'}")
    for subject in item.subjects:
        yield Mark(subject.text, "subject", "主体")


def _labels(item: Opinion, topic: Named, department: Named) -> Iterator[Mark]:
    for each in item.topics:
        for word in each.evidence:
            yield Mark(word, "topic", f"主题 {topic(each.label)}")
    for owner in item.departments:
        for word in owner.evidence:
            yield Mark(word, "topic", f"归口 {department(owner.id)}")


def _reasons(item: Opinion, rule: Named) -> Iterator[Mark]:
    for reason in item.severity.reasons:
        for word in reason.evidence.split("、"):
            if len(word) > 1 and not _COMPARISON.search(word) and not word.isascii():
                yield Mark(word, "reason", f"定级 {rule(reason.rule)} {reason.points:+g}")
