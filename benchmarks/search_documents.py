"""A million opinions made of real sentences, for benchmarks.search; nothing of them is kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.corpora import REPLY_LENGTH, rows
from infra.settings import PROJECT
from models.names import department_names
from models.taxonomy import load_taxonomy
from models.words import cutter
from schemas.analysis import Attitude, Department, Place, Severity, Topic
from schemas.base import content_id
from schemas.opinion import Duplicate, Opinion
from schemas.raw_item import Counts

REPLIES = 60_000
COPIES = 0.35  # of all items
DAYS = 400
CHANNELS = (("news", 30), ("forum", 30), ("weibo", 30), ("wechat", 6), ("letter", 4))
LEVELS = (("none", 900, 8), ("IV", 70, 30), ("III", 22, 48), ("II", 7, 66), ("I", 1, 85))
PLACES = ("110000", "130100", "130400", "210100", "310000", "320100", "330100", "340100", "370200",
          "410300", "420100", "440100", "500000", "510100", "610300", "650100")  # fmt: skip


@dataclass(frozen=True)
class Pool:
    """Sentences and headlines, each cut once."""

    headlines: list[tuple[str, str]]
    sentences: list[tuple[str, str]]


def pool(data: Path) -> Pool:
    headlines = [row["text"] for name in ("topic/thucnews_titles", "topic/tnews_unlabelled")
                 for row in rows(data, name)]  # fmt: skip
    posts = rows(data, "weibo/events")
    said = [row["text"] for row in posts] + [row["text"] for row in rows(data, "sentiment/hotel")]
    said += [
        reply["text"] for row in posts for reply in row["spread"][1:60]
        if len(reply["text"]) >= REPLY_LENGTH
    ][:REPLIES]  # fmt: skip
    cut = cutter(PROJECT / "config" / "userdict.txt").cut_batch
    return Pool(
        list(zip(headlines, cut(headlines), strict=True)), list(zip(said, cut(said), strict=True))
    )


def opinions(found: Pool, count: int, now: datetime) -> Iterator[Opinion]:
    """The same each time; ever more of them towards `now`."""
    chance = random.Random(7)
    topics = [topic.id for topic in load_taxonomy(PROJECT / "config")[0].topics]
    departments = list(department_names(PROJECT / "config"))
    kinds, shares = zip(*CHANNELS, strict=True)
    levels, level_shares, points = zip(*LEVELS, strict=True)
    point_of = dict(zip(levels, points, strict=True))
    recent: list[Opinion] = []
    for number in range(count):
        origin = content_id("bench", str(number))
        when = now - timedelta(days=DAYS * (1 - (number / count)) ** 1.5)
        if recent and chance.random() < COPIES:
            first = chance.choice(recent)
            yield _copy(first, origin, when)
            continue
        channel = chance.choices(kinds, shares)[0]
        title, words = chance.choice(found.headlines) if channel != "weibo" else ("", "")
        parts = chance.choices(found.sentences, k=chance.randint(2, 6) if title else 1)
        level = chance.choices(levels, level_shares)[0]
        mood = chance.choices(("negative", "neutral", "positive"), (4, 5, 1))[0]
        made: dict[str, Any] = {"positive": 0.0, "neutral": 0.0, "negative": 0.0, mood: 1.0}
        opinion = Opinion(
            id=origin, origin_id=origin, cluster_id=origin, source=f"source-{number % 211}",
            publisher=f"来源{number % 211}", channel=channel, fetched_at=when, published_at=when,
            indexed_at=when, title=title, text="。".join(text for text, _ in parts),
            words=" ".join([words, *(cut for _, cut in parts)]),
            url=f"https://news.example/{number}",
            topics=[Topic(label=chance.choice(topics), confidence=0.9)],
            departments=[Department(id=chance.choice(departments))],
            attitude=Attitude(label=mood, **made),
            places=[Place(text="某地", code=chance.choice(PLACES))],
            severity=Severity(level=level, score=float(point_of[level] + chance.random())),
            counts=Counts(reposts=int(chance.paretovariate(1)), likes=number % 97),
            trace="bench",
        )  # fmt: skip
        recent = [*recent[-400:], opinion]
        yield opinion


def _copy(first: Opinion, key: str, when: datetime) -> Opinion:
    return Opinion(**{
        **{name: getattr(first, name) for name in first.__struct_fields__},
        "id": key, "origin_id": key, "published_at": when, "indexed_at": when, "fetched_at": when,
        "duplicate": Duplicate(of=first.origin_id, similarity=0.97, reason="near"),
    })  # fmt: skip
