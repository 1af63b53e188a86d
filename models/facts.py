"""When, where and who of a batch: one tagging pass shared by the three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import tagger
from models.places import places
from models.subjects import subjects
from models.tagger import Weights
from models.times import times
from schemas.analysis import Place, Subject, TimeMention


@dataclass(frozen=True, slots=True)
class Facts:
    """Of each text of the batch, in its order."""

    times: list[list[TimeMention]]
    places: list[list[Place]]
    subjects: list[list[Subject]]


def facts(
    texts: Sequence[str],
    published: Sequence[datetime | None],
    regions: Sequence[str | None] | None = None,
    weights: Weights | None = None,
) -> Facts:
    """`published` are publish times, `regions` division codes of the sources (None: not known)."""
    tagged = tagger.spans(texts, weights)
    return Facts(
        times(texts, published, tagged), places(texts, regions, tagged), subjects(texts, tagged)
    )
