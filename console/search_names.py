"""The names that a search may use, from the configuration."""

from __future__ import annotations

from pathlib import Path

from console.search_fields import Names
from console.words import CHANNELS
from models.divisions import divisions
from models.names import department_names, topic_names
from models.source_names import source_names
from models.synonyms import load_synonyms
from response.labels import ATTITUDES, TIERS
from schemas.registry import EVENTS


def search_names(config: Path, prefix: str = "") -> Names:
    """`prefix`: of the indices. UserError names the line of a file that is wrong."""
    return Names(
        values={
            "channel": _both(CHANNELS), "topic": _both(topic_names(config)),
            "department": _both(department_names(config)), "attitude": _both(ATTITUDES),
            "tier": _both(TIERS),
        },
        places=lambda name: divisions().names.get(name, ()),
        sources=source_names(config).titled,
        synonyms=load_synonyms(config / "synonyms.yaml"),
        events=prefix + EVENTS.alias,
    )  # fmt: skip


def _both(names: dict[str, str]) -> dict[str, str]:
    """Chinese names and the ids themselves, for either may be typed."""
    return {name: key for key, name in names.items()} | {key: key for key in names}
