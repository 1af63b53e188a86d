"""The demo's texts: templates of content/*.yaml made into articles and threads.

Deterministic: the same anchor gives the same site. Only the times move with the anchor.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from crawlers.extract.times import BEIJING

FOLDER = Path(__file__).parent / "content"
_CHOICE = re.compile(r"\[\[((?:[^\[\]]|\[(?!\[)|\](?!\]))*)\]\]")
_NUMBER = re.compile(r"\{\{(\d+)-(\d+)\}\}")
# Light edits of a syndicated copy: words that an editor would change, nothing of substance.
_EDITS = (("记者", "本网记者"), ("截至发稿", "截至目前"), ("已经", "已"), ("正在进行", "仍在进行"),
          ("获悉", "了解到"), ("表示", "称"), ("目前", "截至目前"))  # fmt: skip


@dataclass(frozen=True)
class Publisher:
    id: str
    name: str
    kind: str
    style: str
    tier: str
    charset: str
    per_page: int
    time: str
    columns: list[str]
    feed: str | None = None
    region: str | None = None
    channel: str = "news"


@dataclass(frozen=True)
class Article:
    number: int
    publisher: str
    column: str
    published_at: datetime
    title: str
    paragraphs: list[str]
    author: str
    source: str  # the publisher that wrote it; another one's for a copy
    views: int
    comments: int


@dataclass(frozen=True)
class Reply:
    floor: int
    author: str
    at: datetime
    text: str
    likes: int


@dataclass(frozen=True)
class Thread:
    number: int
    board: str
    title: str
    views: int
    posts: list[Reply] = field(default_factory=list)


@lru_cache
def load(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def publishers() -> dict[str, Publisher]:
    return {entry["id"]: Publisher(**entry) for entry in load("publishers")}


def fill(text: str, rng: random.Random, place: dict[str, str], at: datetime) -> str:
    """Choices, numbers, places and the day of one template."""
    while match := _CHOICE.search(text):
        text = text[: match.start()] + rng.choice(match[1].split("|")) + text[match.end() :]
    text = _NUMBER.sub(lambda m: str(rng.randint(int(m[1]), int(m[2]))), text)
    words = place | {
        "md": f"{at.month}月{at.day}日",
        "ymd": f"{at.year}年{at.month}月{at.day}日",
        "hm": f"{at.hour}时{at.minute}分",
        "part": _part_of_day(at.hour),
    }
    return re.sub(r"\{(\w+)\}", lambda m: words[m[1]], text)


def _part_of_day(hour: int) -> str:
    """So that a story told at any hour of the anchor stays true."""
    marks = ((5, "凌晨"), (8, "早晨"), (11, "上午"), (13, "中午"), (18, "下午"), (24, "晚间"))
    return next(word for until, word in marks if hour < until)


def _in_daytime(at: datetime) -> datetime:
    """Ordinary news of the small hours appeared the evening before."""
    return at - timedelta(hours=at.hour + 2) if at.hour < 6 else at


def articles(anchor: datetime) -> list[Article]:
    """All articles, oldest first; none is later than the anchor."""
    anchor = anchor.astimezone(BEIJING).replace(second=0, microsecond=0)
    made = [*_accident(anchor), *_news(anchor)]
    made.sort(key=lambda article: (article.published_at, article.publisher, article.title))
    return [_numbered(article, 20_000 + index) for index, article in enumerate(made)]


def _numbered(article: Article, number: int) -> Article:
    return Article(**{**article.__dict__, "number": number})


def _accident(anchor: datetime) -> list[Article]:
    made = []
    place = load("places")[0]
    for index, entry in enumerate(load("accident")):
        rng = random.Random(f"accident-{index}")  # noqa: S311  (texts, not secrets)
        at = anchor - timedelta(hours=entry["hours"])
        title = fill(entry["title"], rng, place, at)
        paragraphs = fill(entry["text"], rng, place, at).split("\n")
        made.append(_article(entry["publisher"], entry["column"], at, title, paragraphs,
                             entry.get("author", ""), entry["publisher"], rng, 40))  # fmt: skip
        for copy in entry.get("copies", ()):
            made.append(_copy(made[-1], copy, at, title, paragraphs, rng, entry["publisher"]))
    return made


def _copy(
    _: Article, copy: dict[str, Any], at: datetime, title: str, paragraphs: list[str],
    rng: random.Random, source: str,
) -> Article:  # fmt: skip
    column = rng.choice(publishers()[copy["publisher"]].columns)
    return _article(
        copy["publisher"], column, at + timedelta(hours=copy["after"]), copy.get("title") or title,
        edited(paragraphs, copy.get("edit", "none")), "", source, rng, 20,
    )  # fmt: skip


def edited(paragraphs: list[str], how: str) -> list[str]:
    """A syndicated text: as it is, with an editor's small changes, or shortened."""
    if how == "cut":
        return paragraphs[: max(1, len(paragraphs) - 1)]
    if how == "light":
        for old, new in _EDITS:
            paragraphs = [paragraph.replace(old, new, 1) for paragraph in paragraphs]
    return paragraphs


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
                made.append(_copy(article, copy, at, title, paragraphs, rng, publisher))
    return made


def _article(
    publisher: str, column: str, at: datetime, title: str, paragraphs: list[str], author: str,
    source: str, rng: random.Random, heat: int,
) -> Article:  # fmt: skip
    views = rng.randint(200, 3_000) * heat
    return Article(0, publisher, column, at, title, paragraphs, author, source, views, views // 97)


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
