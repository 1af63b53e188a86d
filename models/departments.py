"""谁主管谁负责: which department answers for a matter, and the words that say so."""

from __future__ import annotations

from collections.abc import Sequence

from models.taxonomy import Departments
from schemas.analysis import Department

_MOST = 3


class Responsible:
    def __init__(self, table: Departments, topics: Sequence[str]) -> None:
        """ValueError for a topic that is none of `topics`."""
        self._departments = table.departments
        self._rank = {each.id: at for at, each in enumerate(table.departments)}
        self._by_word: dict[str, list[str]] = {}
        self._by_topic: dict[str, list[str]] = {topic: [] for topic in topics}
        for department in table.departments:
            for topic in department.topics:
                if topic not in self._by_topic:
                    raise ValueError(f"department {department.id}: no topic {topic!r}")
                self._by_topic[topic].append(department.id)
            for word in department.words:
                self._by_word.setdefault(word, []).append(department.id)
        self._fallback = next((each.id for each in table.departments if each.fallback), None)

    @property
    def words(self) -> set[str]:
        return set(self._by_word)

    def of(self, topics: Sequence[str], words: Sequence[str]) -> list[Department]:
        """Those whose own words are there, most words first; for a topic that none of them
        has, the first department that lists it; else the fallback, if a topic is known."""
        evidence: dict[str, list[str]] = {}
        for word in words:
            for name in self._by_word.get(word, ()):
                evidence.setdefault(name, []).append(word)
        known = [topic for topic in topics if topic in self._by_topic]
        for topic in known:
            answering = self._by_topic[topic]
            if answering and not any(name in evidence for name in answering):
                evidence[answering[0]] = []
        if known and not evidence and self._fallback:
            evidence[self._fallback] = []
        ranked = sorted(evidence, key=lambda name: (-len(evidence[name]), self._rank[name]))
        return [Department(id=name, evidence=evidence[name]) for name in ranked[:_MOST]]
