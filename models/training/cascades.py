"""Rows of posts with all that was said under them: {text, time, spread: [{mid, parent, author,
time, text}], author_followers, author_verified}; `time` is epoch seconds, the spread's Beijing
time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

BEIJING = timezone(timedelta(hours=8))


def timed(row: dict[str, Any]) -> Iterator[tuple[float, dict[str, Any]]]:
    """(epoch seconds, reply) of those whose time is known."""
    for each in row["spread"]:
        try:
            at = datetime.fromisoformat(each["time"]).replace(tzinfo=BEIJING)
        except ValueError:
            continue  # "08月29日 21:30": without a year it is no time
        yield at.timestamp(), each
