"""Which words of the severity rules stand in each text, and which of them guards take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from models.joined import Joined, among, join
from models.severity_rules import Owner, Rules

_READ = 2_000  # characters of a text that are read
_ENDS = among("。!?\n")


@dataclass(slots=True)
class Found:
    """Of one text: rule id -> words that count; guard id -> words; whether figures count."""

    words: dict[str, list[str]] = field(default_factory=dict)
    guards: dict[str, list[str]] = field(default_factory=dict)
    figures: bool = True
    dropped: list[str] = field(default_factory=list)  # words that a guard or negation took away


_NOTHING = Found()  # shared: what is found is not changed afterwards


class _Hit(NamedTuple):
    at: int
    word: str
    owner: Owner
    sentence: int


def look(texts: Sequence[str], rules: Rules) -> list[Found]:
    """One scan over the batch, then the guards of each text that has any word."""
    batch = join(texts, _READ)
    out = [_NOTHING] * len(texts)
    hits = _hits(batch, rules)
    if not hits:
        return out
    owner = batch.owner(np.array([hit.at for hit in hits], dtype=np.int64)).tolist()
    by_text: dict[int, list[_Hit]] = {}
    for hit, text in zip(hits, owner, strict=True):
        by_text.setdefault(text, []).append(hit)
    for text, own in by_text.items():
        out[text] = _guarded(batch.text, own, rules)
    return out


def _hits(batch: Joined, rules: Rules) -> list[_Hit]:
    found = [(at, word, rules.owners[word]) for at, word in rules.scan.find(batch.codes)]
    for pattern, rule in rules.patterns:
        found += [
            (m.start(), m[0], Owner((rule,), (), ())) for m in pattern.finditer(batch.text) if m[0]
        ]
    if not found:
        return []
    ends = np.flatnonzero(_ENDS.take(batch.codes))
    sentences = np.searchsorted(ends, [at for at, _, _ in found]).tolist()
    return [
        _Hit(at, word, owner, sentence)
        for (at, word, owner), sentence in zip(found, sentences, strict=True)
        if any(owner)
    ]


def _guarded(text: str, hits: list[_Hit], rules: Rules) -> Found:
    found = Found()
    off = {name for hit in hits for name in hit.owner.unless}
    whole = False
    sentences: set[int] = set()
    for hit in hits:
        for name in hit.owner.guards:
            if name not in off:
                found.guards.setdefault(name, []).append(hit.word)
                whole |= name in rules.whole
                sentences.add(hit.sentence)
    negated = rules.negation.search
    width = rules.file.negation.width + 4
    for hit in hits:
        if not hit.owner.rules:
            continue
        if whole or hit.sentence in sentences or negated(text, max(hit.at - width, 0), hit.at):
            found.dropped.append(hit.word)
            continue
        for name in hit.owner.rules:
            found.words.setdefault(name, []).append(hit.word)
    # Figures count unless all that goes with them is guarded away (a drill, an anniversary).
    found.figures = not (whole or (sentences and not found.words)) or not (
        found.guards or found.dropped
    )
    return found
