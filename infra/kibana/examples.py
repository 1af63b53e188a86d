"""Worked queries for people who ask Elasticsearch themselves (examples.yaml)."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, RootModel

from schemas.yaml_file import load_yaml


class Example(BaseModel):
    title: str
    alias: str
    body: str  # JSON


class Examples(RootModel[list[Example]]):
    pass


def examples() -> list[Example]:
    return load_yaml(Path(__file__).with_suffix(".yaml"), Examples).root
