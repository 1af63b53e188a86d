"""The rules of config/severity.yaml, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from models.severity_file import SeverityFile, Words
from models.wordscan import WordScan
from schemas.yaml_file import load_yaml


@dataclass(frozen=True)
class Rules:
    """The file, with its words compiled into one scan."""

    file: SeverityFile
    owners: dict[str, tuple[str, ...]] = field(init=False)  # word -> ids of rules and guards

    def __post_init__(self) -> None:
        owners: dict[str, tuple[str, ...]] = dict.fromkeys(self.file.ignore, ())
        for rule in (*self.file.rules, *self.file.guards):
            for word in getattr(rule, "any_of", ()):
                owners[word] = (*owners.get(word, ()), rule.id)
            for word in getattr(rule, "unless", ()):
                owners[word] = (*owners.get(word, ()), f"unless:{rule.id}")
        object.__setattr__(self, "owners", owners)

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
