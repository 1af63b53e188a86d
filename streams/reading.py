"""From raw messages to documents that lack only their duplicate link. Pure but for the clock.

This is the part of the agent `analyse` that needs a processor; it runs in a process
of its own (streams/pool.py), so what it gives back is bytes wherever it can be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import structlog

from models.acts import load_acts
from models.analyser import Analyser, Reading
from models.duplicates import Link
from models.fingerprints import Fingerprints
from models.reloading import Reloading
from models.rumour import load_signs
from models.severity import at_least
from models.severity_rules import Rules
from models.severity_rules import load as load_rules
from models.store import Store
from models.taxonomy import load_taxonomy
from models.watch import load_file
from schemas.analysis import Level
from schemas.base import encode
from schemas.opinion import ANALYSIS_VERSION, Duplicate, Opinion
from schemas.raw_item import RawItem
from streams.batch import Message
from streams.documents import brief, opinion
from streams.parse import Bad, parse
from streams.reloading import ReloadingWatches, severity_rules

REPORTED = "部门报送的紧急程度"
log = structlog.get_logger("tingchao.reading")
STORED = "watches.json"  # in the data folder: see streams/watches.py


@dataclass(frozen=True, slots=True)
class Ready:
    """A document and a brief, encoded, that say: this is no copy."""

    place: int  # of its message in the batch
    id: str
    origin_id: str
    month: str  # 2026.03: of its index
    version: int  # the higher one stays
    document: bytes
    brief: bytes
    copy: bool  # a repost without words of its own: it says so already
    level: Level


@dataclass(frozen=True, slots=True)
class Batch:
    ready: list[Ready]
    bad: list[tuple[int, Bad]]  # place in the batch, why
    printed: list[int]  # which of `ready` have a fingerprint
    fingerprints: bytes  # of those, in order
    seconds: float


def check_files(config: Path) -> None:
    """UserError when a file that readers take is broken: the start stops here, with its line,
    and not in a process that is started again and again."""
    load_taxonomy(config)
    load_acts(config)
    load_signs(config)
    load_rules(config / "severity.yaml")
    load_file(config / "watch.yaml")


class Reader:
    def __init__(
        self, analyser: Analyser, rules: Reloading[Rules], watches: ReloadingWatches
    ) -> None:
        self._analyser = analyser
        self._rules = rules
        self._watches = watches

    @classmethod
    def open(cls, config: Path, models: Path) -> Reader:
        stored = models.parent / STORED
        return cls(
            Analyser(config, Store(models)), severity_rules(config),
            ReloadingWatches(config, stored),
        )  # fmt: skip

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
        self._analyser.use(self._rules.current(), self._watches.current())
        ready: list[Ready] = []
        prints: list[Fingerprints] = []
        now = datetime.now(UTC)
        for part, reading in self._judge(items):
            if isinstance(reading, Exception):
                bad.append((places[part.start], _failed(reading, items[part.start].id)))
                continue
            prints.append(reading.fingerprints)
            for n, analysis, words, harm in zip(
                part, reading.analyses, reading.keywords, reading.harms, strict=True
            ):
                if report := items[n].report:
                    analysis.severity = at_least(
                        analysis.severity, report.urgency, REPORTED, self._rules.current()
                    )
                trace = messages[places[n]].position
                made = opinion(items[n], analysis, None, trace, now)
                ready.append(_ready(places[n], made, encode(brief(made, words, harm))))
        fingerprints = Fingerprints.from_bytes(b"".join(each.to_bytes() for each in prints))
        printed = np.flatnonzero(fingerprints.size)
        return Batch(
            ready, bad, printed.tolist(), fingerprints[printed].to_bytes(),
            time.perf_counter() - started,
        )  # fmt: skip

    def _judge(self, items: Sequence[RawItem]) -> Iterator[tuple[range, Reading | Exception]]:
        """All at once; where the models fail, by halves, so that one item alone is to blame."""
        open_parts = [range(len(items))]
        while open_parts:
            part = open_parts.pop()
            try:
                yield part, self._analyser.read(items[part.start : part.stop])
            except Exception as error:
                if len(part) == 1:
                    log.exception("the models fail on an item", id=items[part.start].id)
                    yield part, error
                else:
                    middle = (part.start + part.stop) // 2
                    open_parts += [range(middle, part.stop), range(part.start, middle)]


def _ready(place: int, made: Opinion, told: bytes) -> Ready:
    return Ready(
        place, made.id, made.origin_id, f"{made.published_at:%Y.%m}", _version(made),
        encode(made), told,
        made.duplicate is not None, made.severity.level,
    )  # fmt: skip


REVISION = 10**10  # above any ANALYSIS_VERSION and any time in seconds


def _version(document: Opinion) -> int:
    """A later sight of the thing replaces an earlier one, and of one sight a newer analysis."""
    revision = document.provenance.revision if document.provenance else 0
    return min(revision, 99_999) * REVISION + ANALYSIS_VERSION


def reanalysed(version: int, at: datetime) -> int:
    """The version of an analysis that a replay begun at `at` makes anew: above the one made
    when the item came and those of replays before, below a later sight of the thing."""
    return version // REVISION * REVISION + int(at.timestamp())


def _failed(error: Exception, item_id: str) -> Bad:
    return Bad("model_error", "analyse", type(error).__name__, str(error)[:500], item_id)


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


def joined(briefs: Sequence[bytes], replayed: bool = False) -> bytes:
    """The OpinionBatch of briefs that are encoded already."""
    parts = [msgspec.Raw(each) for each in briefs]
    return encode({"schema": 1, "briefs": parts, "replayed": replayed})
