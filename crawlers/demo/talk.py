"""The demo's forum threads; deterministic as the articles are."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from crawlers.demo.content import Reply, Thread, load
from crawlers.demo.writing import fill
from crawlers.extract.times import BEIJING


def threads(anchor: datetime) -> list[Thread]:
    """All threads, oldest first."""
    anchor = anchor.astimezone(BEIJING).replace(second=0, microsecond=0)
    made: list[tuple[datetime, Thread]] = []
    for template in load("threads"):
        early, late = template["hours"]
        for index in range(template["count"]):
            rng = random.Random(f"{template['id']}-{index}")  # noqa: S311
            hours = early + (late - early) * (index + rng.random() * 0.8) / template["count"]
            at = anchor - timedelta(hours=hours)
            made.append((at, _thread(template, index, at, anchor, rng)))
    made.sort(key=lambda pair: (pair[0], pair[1].title))
    return [Thread(300 + n, t.board, t.title, t.views, t.posts) for n, (_, t) in enumerate(made)]


def _thread(
    template: dict[str, Any], index: int, at: datetime, anchor: datetime, rng: random.Random
) -> Thread:
    place = rng.choice(load("places")) if template["count"] > 1 else load("places")[0]
    nicknames = load("names")["nicknames"]
    title = fill(template["title"][index % len(template["title"])], rng, place, at)
    author = template.get("author") or rng.choice(nicknames)
    posts = [Reply(1, author, at, fill(template["text"], rng, place, at), rng.randint(0, 60))]
    count = template["replies_count"] + (rng.randint(-4, 4) if template["count"] > 1 else 0)
    until = min(anchor, at + timedelta(hours=template["span"]))
    # Most answers come soon; the steps grow towards the end.
    marks = sorted(rng.random() ** 1.8 for _ in range(count))
    lines = list(template["replies"])
    extra = ["顶", "关注", "路过看看", "说得对", "同问", "支持楼主", "等一个结果", "蹲后续"]
    for floor, mark in enumerate(marks, start=2):
        text = lines[floor - 2] if floor - 2 < len(lines) else rng.choice(extra)
        moment = at + (until - at) * mark + timedelta(seconds=rng.randint(0, 50))
        posts.append(
            Reply(floor, rng.choice(nicknames), min(moment, anchor), text, rng.randint(0, 25))
        )
    return Thread(0, template["board"], title, template["views"] + rng.randint(0, 400), posts)
