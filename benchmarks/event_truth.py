"""How well items are grouped into events, on real posts and headlines.

usage: python -m benchmarks.event_truth ../shared/data

Prints B-cubed precision, recall and F1 of Weibo cascades (an original with its reposts is one
event; by text and parent links), of hot-search titles of one matter on successive days
(without links; tests/data/hot_pairs.json holds our labels), and the largest event of headlines
that have nothing to do with each other.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from benchmarks.corpora import rows
from models.events import EventGrouper
from models.keywords import Keywords
from models.textpass import text_pass
from models.words import cutter
from schemas.base import content_id
from schemas.opinion import OpinionBrief

KEYWORDS, BATCH = 15, 500
BEIJING = timezone(timedelta(hours=8))
PAIRS = Path("tests/data/hot_pairs.json")
Thing = tuple[str, str, datetime, str | None, str | None]  # id, text, when, parent, root
_LONGEST = 280  # characters of a post


def briefs(things: Sequence[Thing], keywords: Keywords) -> list[OpinionBrief]:
    """What the events agent is told of texts alone."""
    cut = cutter(Path("config/userdict.txt")).cut_pass(text_pass([text for _, text, *_ in things]))
    found = keywords.of(cut, [0] * len(things))
    return [
        OpinionBrief(
            id=content_id("item", key), origin_id=content_id("thing", key),
            cluster_id=content_id("thing", key),
            parent_id=content_id("thing", parent) if parent else None,
            root_id=content_id("thing", root) if root else None,
            source="replay", channel="weibo", tier="public", region=None, published_at=when,
            title="" if root else text[:60], content=text[:_LONGEST], topics=[], departments=[],
            attitude="neutral", act="report", signs=[], harm={}, places=[], subjects=[],
            keywords=[word for word, _ in own], weights=[weight for _, weight in own], score=0.0,
            level="none", reasons=[],
        )
        for (key, text, when, parent, root), own in zip(things, found, strict=True)
    ]  # fmt: skip


def cascades(data: Path) -> list[tuple[Thing, str]]:
    """(thing, its original) of all posts and reposts, by time."""
    out: list[tuple[Thing, str]] = []
    for post in rows(data, "weibo/events"):
        root = post["id"]
        when = datetime.fromtimestamp(post["time"], UTC)
        out.append(((root, post["text"], when, None, None), root))
        for reply in post["spread"]:
            try:
                at = datetime.fromisoformat(reply["time"]).replace(tzinfo=BEIJING).astimezone(UTC)
            except ValueError:  # "08月29日 21:30": without a year it is no time
                at = when
            thing = (f"{root}/{reply['mid']}", reply["text"], at, reply["parent"] or root, root)
            out.append((thing, root))
    out.sort(key=lambda row: row[0][2])
    return out


def bcubed(found: Sequence[str], truth: Sequence[str]) -> tuple[float, float, float]:
    """(precision, recall, F1): of each item, how much of its group shares its truth and
    the other way."""
    groups, labels = Counter(found), Counter(truth)
    both = Counter(zip(found, truth, strict=True))
    precision = sum(n * n / groups[g] for (g, _), n in both.items()) / len(found)
    recall = sum(n * n / labels[t] for (_, t), n in both.items()) / len(found)
    return precision, recall, 2 * precision * recall / (precision + recall)


def grouped(things: Sequence[Thing], arrives_later: bool = False) -> tuple[list[str], float, float]:
    """(the event of each thing, processor seconds of grouping, of reading). Arrival is the
    time of publishing, or all at one moment."""
    grouper, keywords = EventGrouper(), Keywords(KEYWORDS)
    last = things[-1][2]
    spent = read = 0.0
    events: list[str] = []
    for first in range(0, len(things), BATCH):
        batch = things[first : first + BATCH]
        began = time.process_time()
        told = briefs(batch, keywords)
        read += time.process_time() - began
        began = time.process_time()
        now = last if arrives_later else batch[-1][2]
        grouper.add(told, now)
        grouper.expire(now, timedelta(days=7))
        spent += time.process_time() - began
        events += [grouper.event_of(brief.origin_id) or brief.origin_id for brief in told]
    return [grouper.resolve(event) for event in events], spent, read


def main() -> None:
    data = Path(sys.argv[1])
    hot(data)
    weibo = cascades(data)
    things, truth = [thing for thing, _ in weibo], [root for _, root in weibo]
    for name, at_once in (("weibo, as published", False), ("weibo, at once", True)):
        found, spent, _ = grouped(things, at_once)
        p, r, f = bcubed(found, truth)
        print(f"{name}: B-cubed precision {p:.3f}, recall {r:.3f}, F1 {f:.3f}; "
              f"{len(things) / spent:,.0f} items/s of one core")  # fmt: skip
    for name in ("topic/thucnews_titles", "topic/tnews_unlabelled"):
        noise = list(headlines(data, name))
        found, _, _ = grouped(noise)
        (_, most), *_ = Counter(found).most_common(1)
        print(f"noise, {name}: {len(set(found))} events of {len(noise)}, "
              f"the largest holds {most} ({most / len(noise):.2%})")  # fmt: skip


def headlines(data: Path, name: str) -> Iterator[Thing]:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    for at, row in enumerate(rows(data, name)):
        yield (f"{name}/{at}", row["text"], began + timedelta(seconds=20 * at), None, None)


def hot(data: Path) -> None:
    """Pairs of titles labelled as the same matter or not."""
    read = rows(data, "hot/weibo_hot_2025", ("day", "titles"))
    days = {row["day"]: row["titles"] for row in read}
    things = [
        (f"{day}/{at}", title, datetime.fromisoformat(day).replace(tzinfo=BEIJING), None, None)
        for day, titles in sorted(days.items())
        for at, title in enumerate(titles)
    ]
    found, _, _ = grouped(things)
    event = {key: event for (key, *_), event in zip(things, found, strict=True)}
    pairs = json.loads(PAIRS.read_text("utf-8"))["pairs"]
    # The thresholds were chosen on the pairs of even place alone.
    for name, part in (("all", pairs), ("even: tuned on", pairs[::2]), ("odd", pairs[1::2])):
        together = [
            (event[f"{day}/{at}"] == event[f"{other}/{there}"], same)
            for day, at, other, there, same in part
        ]
        right = together.count((True, True))
        precision = right / max(right + together.count((True, False)), 1)
        recall = right / max(right + together.count((False, True)), 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        print(f"hot search, {len(part)} labelled pairs ({name}): "
              f"precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")  # fmt: skip
    (_, most), *_ = Counter(found).most_common(1)
    print(f"hot search: {len(set(found))} events of {len(found)} titles, the largest holds {most}")


if __name__ == "__main__":
    main()
