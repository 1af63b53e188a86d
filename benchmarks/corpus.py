"""Items to measure with: made from the demo's own texts, unlike one another, about 900 bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from crawlers.demo.pages import Site
from schemas.base import encode
from schemas.raw_item import RawItem, item_id, origin_id

START = datetime(2026, 3, 1, tzinfo=UTC)
COPIES = 0.15  # share of items that are copies of an earlier one


def sentences() -> list[str]:
    site = Site(START)
    text = "\n".join(p for article in site.articles for p in article.paragraphs)
    return sorted({s for s in re.split(r"(?<=[。！？])|\n", text) if 12 <= len(s) <= 80})


def items(count: int, seed: int = 11) -> Iterator[RawItem]:
    """The same items for the same seed."""
    rnd = random.Random(seed)
    pool = sentences()
    texts: list[str] = []
    for number in range(count):
        if texts and rnd.random() < COPIES:
            text = rnd.choice(texts)
        else:
            text = "".join(rnd.sample(pool, 6)) + f"编号{rnd.randrange(10**9)}。"
            texts.append(text)
        origin = origin_id("bench", str(number))
        title = text[:18]
        when = START + timedelta(seconds=number)
        yield RawItem(
            id=item_id(origin, title, text), origin_id=origin, source="bench", channel="news",
            fetched_at=when, published_at=when, title=title, text=text,
        )  # fmt: skip


def values(count: int, seed: int = 11) -> list[bytes]:
    return [encode(item) for item in items(count, seed)]
