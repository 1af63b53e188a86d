"""What the demo is made of: publishers, articles, threads, and the files with its texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Publisher:
    id: str
    name: str
    kind: str
    style: str
    tier: str
    charset: str
    per_page: int
    time: str
    columns: list[str]
    feed: str | None = None
    region: str | None = None
    channel: str = "news"


@dataclass(frozen=True)
class Article:
    number: int
    publisher: str
    column: str
    published_at: datetime
    title: str
    paragraphs: list[str]
    author: str
    source: str  # the publisher that wrote it; another one's for a copy
    views: int
    comments: int


@dataclass(frozen=True)
class Reply:
    floor: int
    author: str
    at: datetime
    text: str
    likes: int


@dataclass(frozen=True)
class Thread:
    number: int
    board: str
    title: str
    views: int
    posts: list[Reply] = field(default_factory=list)


@lru_cache
def load(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def publishers() -> dict[str, Publisher]:
    return {entry["id"]: Publisher(**entry) for entry in load("publishers")}
