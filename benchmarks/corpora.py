"""The research corpora that models are trained and measured on; they stay outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schemas.jsonl import read_rows

REVIEWS = ("waimai", "hotel", "online_shopping")


def rows(data: Path, name: str) -> list[dict[str, Any]]:
    """Rows of DATA/NAME.jsonl.gz; UserError when the file is not there."""
    return list(read_rows(data / f"{name}.jsonl.gz"))


def reviews(data: Path) -> list[tuple[str, str, str]]:
    """(text, positive or negative, corpus)."""
    return [
        (row["text"], row["label"], name)
        for name in REVIEWS
        for row in rows(data, f"sentiment/{name}")
    ]


def opinions_and_headlines(data: Path) -> list[tuple[str, str, str]]:
    """(text, opinion or neutral, corpus): reviews say what somebody thinks, headlines not."""
    found = [(text, "opinion", corpus) for text, _, corpus in reviews(data)[::2]]
    for name in ("topic/thucnews_titles", "topic/tnews_unlabelled"):
        found += [(row["text"], "neutral", "headlines") for row in rows(data, name)]
    return found
