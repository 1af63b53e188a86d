"""Each source's runs of the last weeks, in the crawler's SQLite file: its own past."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawlers.memory import connect
from crawlers.summary import ALL_SEEN, Summary

KEPT = timedelta(days=15)  # last week's same hour, and a little more
_TABLE = """
CREATE TABLE IF NOT EXISTS runs (
  source TEXT, at REAL, seconds REAL, pages INTEGER, items INTEGER, why TEXT, failed TEXT,
  errors TEXT, PRIMARY KEY (source, at)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Run:
    at: datetime  # its start
    seconds: float = 0.0
    pages: int = 0
    items: int = 0
    why: str | None = None  # no item came because …
    failed: str | None = None  # what was fetched was not kept
    errors: dict[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Nothing new is as good as news."""
        return self.failed is None and (self.items > 0 or self.why == ALL_SEEN)


class RunLog:
    def __init__(self, path: Path) -> None:
        self._sql = connect(path)
        self._sql.executescript(_TABLE)

    def close(self) -> None:
        self._sql.close()

    def add(self, found: Summary, at: datetime) -> None:
        row = (found.source, at.timestamp(), found.seconds, found.pages, found.items, found.why,
               found.failed, json.dumps(found.errors, ensure_ascii=False))  # fmt: skip
        self._sql.execute("INSERT OR REPLACE INTO runs VALUES (?,?,?,?,?,?,?,?)", row)
        oldest = (at - KEPT).timestamp()
        self._sql.execute("DELETE FROM runs WHERE source = ? AND at < ?", (found.source, oldest))

    def runs(self, source: str, since: datetime | None = None) -> list[Run]:
        """The oldest first."""
        rows = self._sql.execute(
            "SELECT at, seconds, pages, items, why, failed, errors FROM runs "
            "WHERE source = ? AND at >= ? ORDER BY at",
            (source, since.timestamp() if since else 0.0),
        )
        return [
            Run(
                datetime.fromtimestamp(at, UTC),
                seconds,
                pages,
                items,
                why,
                failed,
                json.loads(errors),
            )
            for at, seconds, pages, items, why, failed, errors in rows
        ]


def failures(runs: list[Run]) -> int:
    """How many of the last runs failed in a row."""
    count = 0
    for run in reversed(runs):
        if run.good:
            break
        count += 1
    return count
