"""Idempotency keys: a request that comes twice is done once and answered the same."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from crawlers.intake.problems import Problem
from crawlers.memory import connect

KEPT = timedelta(days=2)
STALE = timedelta(minutes=2)  # a request that began so long ago did not come to an end
_TABLE = """
CREATE TABLE IF NOT EXISTS requests (
  partner TEXT, key TEXT, digest TEXT, at REAL, answer TEXT, PRIMARY KEY (partner, key)
) WITHOUT ROWID;
"""


class Repeats:
    def __init__(self, path: Path) -> None:
        self._sql = connect(path)
        self._sql.executescript(_TABLE)

    def begin(self, partner: str, key: str, digest: str, now: datetime) -> str | None:
        """The answer that was given before, None when this is the first time."""
        oldest = (now - KEPT).timestamp()
        self._sql.execute("DELETE FROM requests WHERE at < ?", (oldest,))
        row = (partner, key, digest, now.timestamp(), None)
        try:
            self._sql.execute("INSERT INTO requests VALUES (?,?,?,?,?)", row)
            return None
        except sqlite3.IntegrityError:
            pass
        known, at, answer = self._sql.execute(
            "SELECT digest, at, answer FROM requests WHERE partner = ? AND key = ?", (partner, key)
        ).fetchone()
        if known != digest:
            raise Problem(422, "这个 Idempotency-Key 已用于另一个请求")
        if answer is None:
            if now.timestamp() - at < STALE.total_seconds():
                raise Problem(409, retry_after=2)
            self._sql.execute("REPLACE INTO requests VALUES (?,?,?,?,?)", row)
            return None
        return str(answer)

    def end(self, partner: str, key: str, answer: str) -> None:
        self._sql.execute(
            "UPDATE requests SET answer = ? WHERE partner = ? AND key = ?", (answer, partner, key)
        )

    def forget(self, partner: str, key: str) -> None:
        """The request failed: it may be sent again."""
        self._sql.execute(
            "DELETE FROM requests WHERE partner = ? AND key = ? AND answer IS NULL", (partner, key)
        )
