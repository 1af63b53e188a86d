"""Templates to texts: choices, numbers, places, the day and the time of day."""

from __future__ import annotations

import random
import re
from datetime import datetime

_CHOICE = re.compile(r"\[\[((?:[^\[\]]|\[(?!\[)|\](?!\]))*)\]\]")
_NUMBER = re.compile(r"\{\{(\d+)-(\d+)\}\}")
# Light edits of a syndicated copy: words that an editor would change, nothing of substance.
_EDITS = (("记者", "本网记者"), ("截至发稿", "截至目前"), ("已经", "已"), ("正在进行", "仍在进行"),
          ("获悉", "了解到"), ("表示", "称"), ("目前", "截至目前"))  # fmt: skip


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


def edited(paragraphs: list[str], how: str) -> list[str]:
    """A syndicated text: as it is, with an editor's small changes, or shortened."""
    if how == "cut":
        return paragraphs[: max(1, len(paragraphs) - 1)]
    if how == "light":
        for old, new in _EDITS:
            paragraphs = [paragraph.replace(old, new, 1) for paragraph in paragraphs]
    return paragraphs
