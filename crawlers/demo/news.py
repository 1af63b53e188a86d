"""The demo's articles: the accident, written by hand, and templates of ordinary news.

Deterministic: the same anchor gives the same site. Only the times move with the anchor.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from crawlers.demo.content import Article, load, publishers
from crawlers.demo.writing import edited, fill
from crawlers.extract.times import BEIJING


def articles(anchor: datetime) -> list[Article]:
    """All articles, oldest first; none is later than the anchor."""
    anchor = anchor.astimezone(BEIJING).replace(second=0, microsecond=0)
    made = [*_accident(anchor), *_news(anchor)]
    made.sort(key=lambda article: (article.published_at, article.publisher, article.title))
    return [_numbered(article, 20_000 + index) for index, article in enumerate(made)]


def _numbered(article: Article, number: int) -> Article:
    return Article(**{**article.__dict__, "number": number})


def _accident(anchor: datetime) -> list[Article]:
    made: list[Article] = []
    place = load("places")[0]
    for index, entry in enumerate(load("accident")):
        rng = random.Random(f"accident-{index}")  # noqa: S311  (texts, not secrets)
        at = anchor - timedelta(hours=entry["hours"])
        title = fill(entry["title"], rng, place, at)
        paragraphs = fill(entry["text"], rng, place, at).split("\n")
        article = _article(
            entry["publisher"], entry["column"], at, title, paragraphs, entry.get("author", ""),
            entry["publisher"], rng, 40,
        )  # fmt: skip
        made += [article, *(_copy(article, copy, rng) for copy in entry.get("copies", ()))]
    return made


def _copy(article: Article, copy: dict[str, Any], rng: random.Random) -> Article:
    """The article at another publisher: later, perhaps edited, perhaps under another title."""
    column = rng.choice(publishers()[copy["publisher"]].columns)
    return _article(
        copy["publisher"], column, article.published_at + timedelta(hours=copy["after"]),
        copy.get("title") or article.title,
        edited(article.paragraphs, copy.get("edit", "none")), "", article.publisher, rng, 20,
    )  # fmt: skip


def _news(anchor: datetime) -> list[Article]:
    made = []
    places = load("places")
    names = load("names")["reporters"]
    for template in load("news"):
        early, late = template["hours"]
        for index in range(template["count"]):
            rng = random.Random(f"{template['id']}-{index}")  # noqa: S311
            hours = early + (late - early) * (index + rng.random() * 0.8) / template["count"]
            at = _in_daytime(anchor - timedelta(hours=hours))
            place = rng.choice(places)
            which = index % len(template["publishers"])
            publisher, column = template["publishers"][which], template["columns"][which]
            title = fill(template["title"][index % len(template["title"])], rng, place, at)
            paragraphs = fill(template["text"].strip(), rng, place, at).split("\n")
            article = _article(
                publisher, column, at, title, paragraphs, rng.choice(names), publisher, rng, 8
            )
            made.append(article)
            others = [
                id for id, p in publishers().items() if p.kind == "article" and id != publisher
            ]
            others = [id for id in others if id != "zygov"]
            for _ in range(template.get("copies", 0)):
                copy = {"publisher": rng.choice(others), "after": 1 + 4 * rng.random(),
                        "edit": rng.choice(["none", "light", "cut"])}  # fmt: skip
                made.append(_copy(article, copy, rng))
    return made


def _article(
    publisher: str, column: str, at: datetime, title: str, paragraphs: list[str], author: str,
    source: str, rng: random.Random, heat: int,
) -> Article:  # fmt: skip
    views = rng.randint(200, 3_000) * heat
    return Article(0, publisher, column, at, title, paragraphs, author, source, views, views // 97)


def _in_daytime(at: datetime) -> datetime:
    """Ordinary news of the small hours appeared the evening before."""
    return at - timedelta(hours=at.hour + 2) if at.hour < 6 else at
