"""The rules of config/severity.yaml, compiled once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, get_args

from models.severity_file import (
    ActRule,
    AttitudeRule,
    Raise,
    Rule,
    SeverityFile,
    Words,
    is_context,
    is_harm,
)
from models.wordscan import WordScan
from schemas.analysis import Act, AttitudeLabel
from schemas.yaml_file import load_yaml


class Owner(NamedTuple):
    """The ids of what a word belongs to."""

    rules: tuple[str, ...]
    guards: tuple[str, ...]
    unless: tuple[str, ...]  # guards that it takes away


@dataclass(frozen=True)
class Rules:
    """The file, sorted by what its rules read, and its words compiled into one scan."""

    file: SeverityFile
    base: dict[tuple[str, str], tuple[Rule, ...]] = field(init=False)  # by attitude and act
    harm: tuple[Rule, ...] = field(init=False)
    context: tuple[Rule, ...] = field(init=False)
    worded: dict[str, Words | Raise] = field(init=False)
    owners: dict[str, Owner] = field(init=False)
    whole: frozenset[str] = field(init=False)  # guards of the whole text
    taken_off: dict[str, float] = field(init=False)  # points of the guards
    negation: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        rules = self.file.rules
        worded = {rule.id: rule for rule in rules if isinstance(rule, Words | Raise)}
        plain = [rule for rule in rules if rule.id not in worded]
        words = "|".join(map(re.escape, self.file.negation.before)) or "(?!)"
        reach = f"(?:{words})[^，。；！？,;\n]{{0,{self.file.negation.width}}}$"
        for name, value in (
            ("worded", worded),
            ("base", _by_attitude_and_act(plain)),
            ("harm", tuple(r for r in plain if is_harm(r))),
            ("context", tuple(r for r in plain if is_context(r))),
            ("owners", self._owners()),
            ("taken_off", {g.id: g.points for g in self.file.guards}),
            ("whole", frozenset(g.id for g in self.file.guards if g.scope == "text")),
            ("negation", re.compile(reach)),
        ):
            object.__setattr__(self, name, value)

    def _owners(self) -> dict[str, Owner]:
        owners = dict.fromkeys(self.file.ignore, Owner((), (), ()))
        file = self.file
        for group, members, attribute in (
            ("rules", file.rules, "any_of"),
            ("guards", file.guards, "any_of"),
            ("unless", file.guards, "unless"),
        ):
            for member in members:
                for word in getattr(member, attribute, ()):
                    owner = owners.get(word, Owner((), (), ()))
                    ids = (*getattr(owner, group), member.id)
                    owners[word] = owner._replace(**{group: ids})
        return owners

    @cached_property
    def scan(self) -> WordScan:
        return WordScan(self.owners)

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        words = (rule for rule in self.file.rules if isinstance(rule, Words))
        return tuple((re.compile(p), rule.id) for rule in words for p in rule.patterns)


def load(path: Path) -> Rules:
    """The rules of a file; UserError that names the file and the line when it is wrong."""
    return Rules(load_yaml(path, SeverityFile))


def _by_attitude_and_act(rules: Sequence[Rule]) -> dict[tuple[str, str], tuple[Rule, ...]]:
    return {
        (attitude, act): tuple(
            rule
            for rule in rules
            if (isinstance(rule, AttitudeRule) and rule.label == attitude)
            or (isinstance(rule, ActRule) and act in rule.acts)
        )
        for attitude in get_args(AttitudeLabel)
        for act in get_args(Act)
    }
