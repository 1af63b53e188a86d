"""The fields of the indices as analysts see them: path, type, what can be done with it, meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.kibana.meanings import MEANINGS
from schemas.mapping import mapping_of
from schemas.registry import (
    ALERTS,
    AUDITS,
    CHANNELS,
    DEAD_LETTERS,
    DELIVERIES,
    EVENTS,
    HOTSPOTS,
    OPINIONS,
    REPORTS,
    SOURCE_HEALTH,
    TRENDS,
    Index,
)

# The index and its time field; the rest are the program's own notes.
PUBLIC: dict[Index, str] = {
    OPINIONS: "published_at", EVENTS: "last_at", ALERTS: "opened_at", REPORTS: "at",
    DELIVERIES: "sent_at", DEAD_LETTERS: "failed_at", TRENDS: "at", HOTSPOTS: "began",
    SOURCE_HEALTH: "updated_at", CHANNELS: "updated_at", AUDITS: "at",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    path: str
    type: str  # of Elasticsearch
    searched: bool  # in queries
    counted: bool  # in sorts and aggregations

    @property
    def meaning(self) -> str:
        """In Chinese, from the outside in."""
        named = MEANINGS.get(self.path) if "." in self.path else None
        return named or "·".join(MEANINGS[part] for part in self.path.split("."))


def fields(index: Index) -> list[Field]:
    """In the order of the record."""
    return list(_flat(mapping_of(index.record)["properties"], ""))


def _flat(properties: dict[str, Any], before: str) -> Iterator[Field]:
    for name, field in properties.items():
        if "properties" in field:
            yield from _flat(field["properties"], f"{before}{name}.")
            continue
        kind = field["type"]
        shut = field.get("index") is False or field.get("enabled") is False
        counted = not shut and kind != "text"
        yield Field(before + name, kind, not shut, counted)
