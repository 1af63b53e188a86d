"""From raw messages to documents that lack only their duplicate link. Pure but for the clock.

This is the part of the agent `analyse` that needs a processor; it runs in a process
of its own (streams/pool.py), so what it gives back is bytes wherever it can be.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np

from models.analyser import Analyser
from models.duplicates import Link
from models.reloading import Reloading
from models.severity_rules import Rules
from models.store import Store
from schemas.base import encode
from schemas.opinion import Duplicate
from schemas.raw_item import RawItem
from streams.batch import Message
from streams.documents import brief, opinion
from streams.parse import Bad, parse
from streams.reloading import severity_rules


@dataclass(frozen=True, slots=True)
class Ready:
    """A document and a brief, encoded, that say: this is no copy."""

    place: int  # of its message in the batch
    id: str
    origin_id: str
    month: str  # 2026.03: of its index
    document: bytes
    brief: bytes
    copy: bool  # a repost without words of its own: it says so already


@dataclass(frozen=True, slots=True)
class Batch:
    ready: list[Ready]
    bad: list[tuple[int, Bad]]  # place in the batch, why
    printed: list[int]  # which of `ready` have a fingerprint
    fingerprints: bytes  # of those, in order
    seconds: float


class Reader:
    def __init__(self, analyser: Analyser, rules: Reloading[Rules]) -> None:
        self._analyser = analyser
        self._rules = rules

    @classmethod
    def open(cls, config: Path, models: Path) -> Reader:
        return cls(Analyser(config, Store(models)), severity_rules(config))

    def read(self, messages: Sequence[Message]) -> Batch:
        started = time.perf_counter()
        bad: list[tuple[int, Bad]] = []
        items: list[RawItem] = []
        places: list[int] = []
        for place, message in enumerate(messages):
            found = parse(message)
            if isinstance(found, Bad):
                bad.append((place, found))
            else:
                items.append(found)
                places.append(place)
        self._analyser.use(self._rules.current())
        reading = self._analyser.read(items)
        now = datetime.now(UTC)
        ready = []
        for place, item, analysis, words, harm in zip(
            places, items, reading.analyses, reading.keywords, reading.harms, strict=True
        ):
            made = opinion(item, analysis, None, messages[place].position, now)
            ready.append(
                Ready(
                    place, made.id, made.origin_id, f"{made.published_at:%Y.%m}", encode(made),
                    encode(brief(made, words, harm)), made.duplicate is not None,
                )
            )  # fmt: skip
        printed = np.flatnonzero(reading.fingerprints.size)
        return Batch(
            ready, bad, printed.tolist(), reading.fingerprints[printed].to_bytes(),
            time.perf_counter() - started,
        )  # fmt: skip


def linked(ready: Ready, link: Link) -> tuple[bytes, bytes]:
    """The document and the brief of an item that turned out to be a copy.

    The two fields stand side by side in the encoding; within a string a quote is escaped,
    so the bytes below occur once.
    """
    found = encode(Duplicate(of=link.of, similarity=link.similarity, reason=link.reason))
    own = ready.origin_id.encode()
    first = link.of.encode()
    document = ready.document.replace(
        b'"duplicate":null,"cluster_id":"%s"' % own,
        b'"duplicate":%s,"cluster_id":"%s"' % (found, first),
        1,
    )
    return document, ready.brief.replace(
        b'"cluster_id":"%s"' % own, b'"cluster_id":"%s"' % first, 1
    )


def joined(briefs: Sequence[bytes]) -> bytes:
    """The OpinionBatch of briefs that are encoded already."""
    return encode({"schema": 1, "briefs": [msgspec.Raw(each) for each in briefs]})
