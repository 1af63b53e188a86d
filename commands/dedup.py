"""`tingchao dedup FILE`: which items are copies of which, without Kafka."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import typer

from models.duplicates import DuplicateIndex
from models.fingerprints import fingerprint
from models.textpass import text_pass
from schemas.base import content_id
from schemas.errors import UserError
from schemas.jsonl import read_rows

_BATCH = 512


def register(app: typer.Typer) -> None:
    @app.command()
    def dedup(file: Path, window_days: int = 36_500, capacity: int = 1_000_000) -> None:
        """Print one line per item of FILE: id, duplicate_of (or null), similarity, reason.

        An item (a JSON line, .gz too) needs only "text"; title, id and published_at are used.
        """
        index = DuplicateIndex(window_seconds=window_days * 86_400, capacity=capacity)
        names: dict[str, str] = {}
        batch: list[dict[str, Any]] = []
        for row in read_rows(file):
            batch.append(row)
            if len(batch) == _BATCH:
                _print(index, batch, names)
                batch = []
        _print(index, batch, names)


def _print(index: DuplicateIndex, rows: list[dict[str, Any]], names: dict[str, str]) -> None:
    texts = [f"{row.get('title') or ''}\n{row['text']}" for row in rows]
    shown = [str(row.get("id") or content_id(text)) for row, text in zip(rows, texts, strict=True)]
    ids = [content_id(name) for name in shown]
    names.update(zip(ids, shown, strict=True))
    times = np.array([_seconds(row) for row in rows], dtype=np.int64)
    links = index.add(ids, times, fingerprint(text_pass(texts)))
    for name, link in zip(shown, links, strict=True):
        line: dict[str, Any] = {"id": name, "duplicate_of": None, "similarity": None}
        if link:
            line |= {
                "duplicate_of": names[link.of],
                "similarity": link.similarity,
                "reason": link.reason,
            }
        print(orjson.dumps(line).decode())


def _seconds(row: dict[str, Any]) -> int:
    when = row.get("published_at")
    if when is None:
        return 0
    try:
        return int(datetime.fromisoformat(when).timestamp())
    except (TypeError, ValueError):
        raise UserError(f"published_at {when!r} is no ISO 8601 time", "mend the item") from None
