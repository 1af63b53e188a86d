"""The research corpora that models are trained and measured on; they stay outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schemas.jsonl import read_rows

REVIEWS = ("waimai", "hotel", "online_shopping")


def rows(data: Path, name: str) -> list[dict[str, Any]]:
    """Rows of DATA/NAME.jsonl.gz; UserError when the file is not there."""
    return list(read_rows(data / f"{name}.jsonl.gz"))


def attitude_rows(data: Path) -> list[tuple[str, str, str]]:
    """(text, label, corpus): reviews, and headlines as what is neutral."""
    found = [
        (row["text"], row["label"], name)
        for name in REVIEWS
        for row in rows(data, f"sentiment/{name}")
    ]
    for name in ("topic/thucnews_titles", "topic/tnews_unlabelled"):
        found += [(row["text"], "neutral", "headlines") for row in rows(data, name)]
    return found
