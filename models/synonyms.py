"""Words that a search takes for one another (config/synonyms.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator
from pydantic import Field as Bounded

from schemas.yaml_file import load_yaml

_Word = Annotated[str, StringConstraints(min_length=2, max_length=20, pattern=r"^\S+$")]
MOST = 8  # words of a group: each is searched


class Synonyms(BaseModel):
    model_config = ConfigDict(extra="forbid")

    groups: list[Annotated[list[_Word], Bounded(min_length=2, max_length=MOST)]] = []

    @field_validator("groups")
    @classmethod
    def _once(cls, groups: list[list[str]]) -> list[list[str]]:
        seen: set[str] = set()
        for group in groups:
            for word in group:
                if word in seen:
                    raise ValueError(f"{word} stands twice; a word belongs to one group")
                seen.add(word)
        return groups


def load_synonyms(path: Path) -> dict[str, tuple[str, ...]]:
    """word -> the others of its group. UserError names the line."""
    groups = load_yaml(path, Synonyms).groups
    return {
        word: tuple(other for other in group if other != word) for group in groups for word in group
    }
