"""The research corpora that models are trained and measured on; they stay outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schemas.jsonl import read_rows

REVIEWS = ("waimai", "hotel", "online_shopping")
REPLY_LENGTH = 8  # characters; shorter replies ("转发微博") say nothing


def rows(data: Path, name: str, required: tuple[str, ...] = ("text",)) -> list[dict[str, Any]]:
    """Rows of DATA/NAME.jsonl.gz; UserError when the file is not there."""
    return list(read_rows(data / f"{name}.jsonl.gz", required))


def reviews(data: Path) -> list[tuple[str, str, str]]:
    """(text, positive or negative, corpus)."""
    return [
        (row["text"], row["label"], name)
        for name in REVIEWS
        for row in rows(data, f"sentiment/{name}")
    ]


def opinions_and_headlines(data: Path) -> list[tuple[str, str, str]]:
    """(text, opinion or neutral, corpus): reviews and what people say under posts are what
    somebody thinks, headlines and reports are not."""
    found = [(text, "opinion", corpus) for text, _, corpus in reviews(data)[::2]]
    said = {
        reply["text"]
        for row in rows(data, "weibo/events")
        for reply in row["spread"][::10]
        if len(reply["text"]) >= REPLY_LENGTH and "//" not in reply["text"]
    }
    found += [(text, "opinion", "replies") for text in sorted(said)[:: max(1, len(said) // 30_000)]]
    for name in ("topic/thucnews_titles", "topic/tnews_unlabelled", "events/cec"):
        found += [(row["text"], "neutral", "headlines") for row in rows(data, name)]
    return found
