"""The taxonomy and the departments, as an operator writes them (config/*.yaml)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from models.reloading import stamp
from models.textpass import text_pass
from schemas.yaml_file import load_yaml

OTHER = "other"
Word = Annotated[str, Field(min_length=2, max_length=30)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Named(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    words: list[Word] = []


def _no_repeats(words: list[str]) -> list[str]:
    normal = text_pass(words).texts
    for word, normed in zip(words, normal, strict=True):
        if len(normed) < 2:
            raise ValueError(f"{word!r} has fewer than two characters")
        if normal.count(normed) > 1:
            raise ValueError(f"{word!r} is given twice")
    return normal


class Topic(_Named):
    strong: list[Word] = []
    news: dict[str, Share] = {}  # class of the headline model: how surely it is this topic

    _unique = field_validator("strong", "words")(_no_repeats)


class Taxonomy(_Strict):
    topics: Annotated[list[Topic], Field(min_length=1)]

    @field_validator("topics")
    @classmethod
    def _ids_differ(cls, topics: list[Topic]) -> list[Topic]:
        ids = [topic.id for topic in topics]
        if len(set(ids)) < len(ids) or OTHER in ids:
            raise ValueError(f"each topic needs an id of its own, and {OTHER!r} is taken")
        return topics


class Department(_Named):
    topics: list[str] = []
    fallback: bool = False

    _unique = field_validator("words")(_no_repeats)


class Departments(_Strict):
    departments: Annotated[list[Department], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [department.id for department in self.departments]
        if len(set(ids)) < len(ids):
            raise ValueError("each department needs an id of its own")
        return self


def load_taxonomy(folder: Path) -> tuple[Taxonomy, Departments]:
    """taxonomy.yaml and departments.yaml of `folder`; UserError names file and line."""
    paths = folder / "taxonomy.yaml", folder / "departments.yaml"
    return _read(*paths, *map(stamp, paths))


@lru_cache(maxsize=4)
def _read(
    taxonomy: Path, departments: Path, *stamps: tuple[int, int]
) -> tuple[Taxonomy, Departments]:
    """Once for each state of the files: a starting program asks two dozen times."""
    return load_yaml(taxonomy, Taxonomy), load_yaml(departments, Departments)
