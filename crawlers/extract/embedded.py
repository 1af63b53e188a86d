"""The parts of an article that a page carries in its scripts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Embedded:
    """Empty where there are none. `sure` when the data can only be this article's."""

    title: str = ""
    body: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    author: str = ""
    publisher: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    sure: bool = False
