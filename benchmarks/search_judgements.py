"""The judged queries of tests/data/search_queries.yaml, and the documents they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

JUDGED = Path(__file__).resolve().parent.parent / "tests" / "data" / "search_queries.yaml"
_GRADES = {"wanted": 2, "also": 1}


@dataclass(frozen=True)
class Judged:
    query: str
    held: bool  # not looked at while the ranking is tuned
    grades: Mapping[str, int]  # by the document's name

    def by_cluster(self, names: Mapping[str, Iterable[str]]) -> dict[str, int]:
        """cluster -> grade: copies of one report are one hit, whichever of them was named."""
        found: dict[str, int] = {}
        for name, grade in self.grades.items():
            for cluster in names.get(name, ()):
                found[cluster] = max(grade, found.get(cluster, 0))
        return found


def judged(path: Path = JUDGED) -> list[Judged]:
    told = yaml.safe_load(path.read_text("utf-8"))
    return [_judged(entry, told["groups"]) for entry in told["queries"]]


def _judged(entry: dict[str, Any], groups: dict[str, list[str]]) -> Judged:
    grades: dict[str, int] = {}
    for key, grade in _GRADES.items():
        for name in entry.get(key, ()):
            for each in groups[name[1:]] if name.startswith("@") else [name]:
                grades[each] = max(grade, grades.get(each, 0))
    return Judged(entry["q"], entry.get("held", False), grades)


def name_of(document: Mapping[str, Any]) -> str:
    """Stable from run to run, as addresses and times are not: the title, of a reply the text."""
    return str(document.get("title") or document["text"])


def clusters(documents: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """name -> the clusters it stands in; short replies repeat, each in a cluster of its own."""
    found: dict[str, set[str]] = {}
    for document in documents:
        found.setdefault(name_of(document), set()).add(document["cluster_id"])
    return found
