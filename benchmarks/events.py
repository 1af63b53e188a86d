"""The events agent's pure part alone: pace, flatness and memory with many live events.

usage: python -m benchmarks.events [ITEMS]

Items are made up: a quarter begin a matter, half tell more of one, the rest are replies and
copies; new matters push out old ones, so that the grouper is full from the first figure on.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.heap import settle
from models.early_signs import load_judge
from models.event_groups import EventGroups
from models.event_record import record
from models.events import MAX_EVENTS
from models.severity_rules import load
from models.signals import EventScorer, signals_of
from models.words import cutter
from schemas.base import content_id, encode
from schemas.opinion import OpinionBatch, OpinionBrief, decode_batch

BATCH, PARTS = 500, 5
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
IDLE = timedelta(days=7)
_CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]


def _words(matter: int) -> list[str]:
    """Told by the number alone: what the benchmark itself keeps is not the agent's memory."""
    random_ = random.Random(matter)
    return [
        "".join(random_.choices(_CHARACTERS, k=random_.choice((2, 2, 3, 4)))) for _ in range(10)
    ]


def _briefs(random_: random.Random) -> Iterator[OpinionBrief]:
    matters = array("I")  # numbers of the items that began them
    number = 0
    while True:
        number += 1
        at = BEGAN + timedelta(seconds=number / 2)
        kind = random_.random()
        origin = content_id("thing", str(number))
        root = None
        if kind < 0.25 or len(matters) < 100:
            matters.append(number)
            if len(matters) > MAX_EVENTS:
                matters.pop(random_.randrange(len(matters) // 2))
        matter = matters[-1] if kind < 0.25 else random_.choice(matters)
        first, words = content_id("thing", str(matter)), _words(matter)
        if kind >= 0.85:
            root = first
        said = random_.sample(words, 6)
        yield OpinionBrief(
            id=content_id("item", str(number)), origin_id=origin,
            cluster_id=first if 0.75 <= kind < 0.85 else origin, parent_id=root, root_id=root,
            source=f"source{number % 300}", channel="weibo" if number % 2 else "news",
            tier="public", region="130000", published_at=at, title="" if root else "".join(said),
            content="".join(said) * 5, topics=["energy"], departments=["price"],
            attitude="negative" if number % 3 else "neutral", act="report", signs=[], harm={},
            places=["130400"], subjects=["供电公司"], keywords=said, weights=[6**-0.5] * 6,
            score=float(number % 40), level="none", reasons=[], author=str(number % 5000),
        )  # fmt: skip


def main() -> None:
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    config = Path("config")
    judge = load_judge(Path("/nonexistent"), cutter(config / "userdict.txt"))
    groups = EventGroups(EventScorer(load(config / "severity.yaml")), judge)
    settle()  # as a worker does
    stream = _briefs(random.Random(1))
    while len(groups.grouper) < MAX_EVENTS:
        _work(groups, [next(stream) for _ in range(BATCH)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(groups.grouper):,} live events; the process has {before:.0f} MB")
    for part in range(1, PARTS + 1):
        items, spent, told = total // PARTS, 0.0, 0.0
        for _ in range(items // BATCH):
            grouped, recorded = _work(groups, [next(stream) for _ in range(BATCH)])
            spent, told = spent + grouped, told + recorded
        print(f"part {part} of {PARTS}: {items / spent:,.0f} items/s of one core grouped, judged "
              f"and scored; {items / (spent + told):,.0f} with decoding and records")  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(groups.grouper):,} live events after {total:,} more items; {after:.0f} MB at most")


def _work(groups: EventGroups, briefs: list[OpinionBrief]) -> tuple[float, float]:
    """(processor seconds of the grouping, of decoding and of records and signals)."""
    value, now = encode(OpinionBatch(briefs=briefs)), briefs[-1].published_at
    start = time.process_time()
    batch = decode_batch(value)
    decoded = time.process_time()
    changed = groups.apply(batch, now, IDLE)
    grouped = time.process_time()
    for event in changed:
        signals_of(event, now)
        encode(record(event, now))
    return grouped - decoded, time.process_time() - grouped + decoded - start


if __name__ == "__main__":
    main()
