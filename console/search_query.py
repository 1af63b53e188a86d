"""What a search asks of Elasticsearch: the words within the filters. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.search_clauses import Clauses
from console.search_fields import Names
from console.search_language import parse
from console.search_near import near, with_near
from models.words import Cutter

PLAIN = Names()  # English field names and ids only, no synonyms


@dataclass(frozen=True)
class Filters:
    since: datetime | None = None
    channel: str = ""
    topic: str = ""
    level: str = ""
    copies: bool = False  # show each copy, not only the best of a cluster
    until: datetime | None = None
    seen: tuple[dict[str, Any], ...] = ()  # Actor.filters("departments.id"): what they may see


def query(
    text: str, filters: Filters, cutter: Cutter, names: Names = PLAIN
) -> dict[str, Any]:  # fmt: skip
    """What `text` asks for, within the filters. QueryError says what is wrong, and where."""
    node = parse(text)
    parts: dict[str, Any] = {"must": [], "must_not": [], "filter": []}
    if node is not None:
        parts = Clauses(cutter, names).both(node)
    return {"bool": parts | {"filter": [*parts["filter"], *_filters(filters)]}}


def wider(
    text: str, filters: Filters, cutter: Cutter, names: Names, asked: dict[str, Any]
) -> dict[str, Any] | None:  # fmt: skip
    """`asked` and what comes close to it; None where nothing does."""
    node = parse(text)
    close = near(node, Clauses(cutter, names)) if node else None
    if close is None:
        return None
    return {"bool": {"must": [with_near(asked, close)], "filter": _filters(filters)}}


def _filters(filters: Filters) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = list(filters.seen)
    if filters.since:
        found.append({"range": {"published_at": {"gte": filters.since.isoformat()}}})
    if filters.until:
        found.append({"range": {"published_at": {"lt": filters.until.isoformat()}}})
    for name, value in (
        ("channel", filters.channel), ("topics.label", filters.topic),
        ("severity.level", filters.level),
    ):  # fmt: skip
        if value:
            found.append({"term": {name: value}})
    return found
