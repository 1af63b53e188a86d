"""Small clauses of Elasticsearch: phrases in both scripts, and the choice of several. Pure."""

from __future__ import annotations

from functools import cache
from typing import Any

from opencc import OpenCC

Clause = dict[str, Any]


def phrase(name: str, text: str, boost: float) -> Clause:
    return {"match_phrase": {name: {"query": text, "boost": boost}}}


def titles(text: str, boost: float) -> list[Clause]:
    return [phrase("title", each, boost) for each in scripts(text)]


def either(clauses: list[Clause]) -> Clause:
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def scripts(text: str) -> list[str]:
    """As typed, simplified, traditional; each once."""
    return list(dict.fromkeys((text, _script("t2s").convert(text), _script("s2t").convert(text))))


@cache
def _script(name: str) -> OpenCC:
    return OpenCC(name)
