"""What has been fetched before: pages with their validators, items with their last version.

One SQLite file in the data folder for all sources and processes. Bounded: pages
that no list has shown for long go, and so do the oldest of a source with too many.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from crawlers.revisits import next_try, next_visit
from schemas.base import encode
from schemas.raw_item import RawItem

MAX_AGE = timedelta(days=90)
MAX_PAGES = 200_000  # of one source
_TABLES = """
CREATE TABLE IF NOT EXISTS pages (
  source TEXT, url TEXT, etag TEXT, modified TEXT, first_seen REAL, last_seen REAL,
  next_visit REAL, misses INTEGER, PRIMARY KEY (source, url)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS due ON pages (source, next_visit);
CREATE TABLE IF NOT EXISTS items (
  source TEXT, origin TEXT, page TEXT, id TEXT, gone INTEGER, version BLOB,
  PRIMARY KEY (source, origin)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS of_page ON items (source, page);
CREATE TABLE IF NOT EXISTS standing (
  source TEXT, list TEXT, url TEXT, PRIMARY KEY (source, list, url)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS whole (source TEXT PRIMARY KEY);
"""
_decoder = msgspec.json.Decoder(RawItem)


@dataclass(frozen=True, slots=True)
class SeenPage:
    etag: str | None
    modified: str | None
    first_seen: datetime
    next_visit: datetime | None
    misses: int


@dataclass(frozen=True, slots=True)
class SeenItem:
    id: str
    gone: bool
    version: RawItem | None  # None when it will not be looked at again


def connect(path: Path) -> sqlite3.Connection:
    """The file of the crawler's state; several processes use it at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


class Memory:
    """Of one source."""

    def __init__(self, path: Path, source: str) -> None:
        self._source = source
        self._sql = connect(path)
        self._sql.executescript(_TABLES)

    def close(self) -> None:
        self._sql.close()

    def page(self, url: str) -> SeenPage | None:
        row = self._sql.execute(
            "SELECT etag, modified, first_seen, next_visit, misses FROM pages "
            "WHERE source = ? AND url = ?", (self._source, url),
        ).fetchone()  # fmt: skip
        if row is None:
            return None
        due = datetime.fromtimestamp(row[3], UTC) if row[3] is not None else None
        return SeenPage(row[0], row[1], datetime.fromtimestamp(row[2], UTC), due, row[4])

    def listed(self, urls: Iterable[str], now: datetime) -> int:
        """How many of a list's pages are known; those stay for as long as lists show them."""
        rows = [(now.timestamp(), self._source, url) for url in urls]
        statement = "UPDATE pages SET last_seen = ? WHERE source = ? AND url = ?"
        self._sql.execute("BEGIN IMMEDIATE")
        count = sum(self._sql.execute(statement, row).rowcount for row in rows)
        self._sql.execute("COMMIT")
        return count

    def read(self, url: str, etag: str | None, modified: str | None, now: datetime) -> None:
        """The page was read (or found unchanged), and all that stood on it is kept."""
        known = self.page(url)
        first = known.first_seen if known else now
        self._put(url, etag, modified, first, now, next_visit(first, now), 0)

    def list_read(self, url: str, etag: str | None, modified: str | None, now: datetime) -> None:
        """A list was read to its end; it is asked for at every crawl, so it has no next visit."""
        self._put(url, etag, modified, now, now, None, 0)

    def unchanged(self, url: str, now: datetime) -> None:
        if known := self.page(url):
            self.read(url, known.etag, known.modified, now)

    def missed(self, url: str, now: datetime) -> None:
        """The page could not be had: it is tried again, less and less often."""
        known = self.page(url)
        misses = known.misses + 1 if known else 1
        first = known.first_seen if known else now
        self._put(url, None, None, first, now, next_try(misses, now), misses)

    def _put(
        self, url: str, etag: str | None, modified: str | None, first: datetime, now: datetime,
        due: datetime | None, misses: int,
    ) -> None:  # fmt: skip
        row = (self._source, url, etag, modified, first.timestamp(), now.timestamp(),
               due.timestamp() if due else None, misses)  # fmt: skip
        self._sql.execute("INSERT OR REPLACE INTO pages VALUES (?,?,?,?,?,?,?,?)", row)

    def due(self, now: datetime, limit: int) -> list[str]:
        """Pages to look at again although no list may show them any more."""
        rows = self._sql.execute(
            "SELECT url FROM pages WHERE source = ? AND next_visit <= ? "
            "ORDER BY next_visit LIMIT ?", (self._source, now.timestamp(), limit),
        )  # fmt: skip
        return [row[0] for row in rows]

    def item(self, origin: str) -> SeenItem | None:
        row = self._sql.execute(
            "SELECT id, gone, version FROM items WHERE source = ? AND origin = ?",
            (self._source, origin),
        ).fetchone()
        return SeenItem(row[0], bool(row[1]), _unpack(row[2])) if row else None

    def items_of(self, url: str) -> list[RawItem]:
        """The last versions of what stood on the page and is not known to be gone."""
        rows = self._sql.execute(
            "SELECT version FROM items WHERE source = ? AND page = ? AND NOT gone",
            (self._source, url),
        )
        return [item for row in rows if (item := _unpack(row[0]))]

    def keep(self, item: RawItem, url: str) -> None:
        gone = bool(item.provenance and item.provenance.change == "deleted")
        packed = zlib.compress(encode(item), 6)
        row = (self._source, item.origin_id, url, item.id, gone, packed)
        self._sql.execute("INSERT OR REPLACE INTO items VALUES (?,?,?,?,?,?)", row)

    def standing(self, but: str = "") -> dict[str, str]:
        """What stood on the source's lists when they were last read, each with its list."""
        query = "SELECT url, list FROM standing WHERE source = ? AND list != ?"
        return dict(self._sql.execute(query, (self._source, but)).fetchall())

    def stand(self, list_: str, urls: Iterable[str]) -> None:
        rows = [(self._source, list_, url) for url in urls]
        self._sql.execute("BEGIN IMMEDIATE")
        gone = "DELETE FROM standing WHERE source = ? AND list = ?"
        self._sql.execute(gone, (self._source, list_))
        self._sql.executemany("INSERT OR IGNORE INTO standing VALUES (?,?,?)", rows)
        self._sql.execute("COMMIT")

    @property
    def whole(self) -> bool:
        """Whether a crawl has once come to the end of the lists: only news is missing then."""
        found = self._sql.execute("SELECT 1 FROM whole WHERE source = ?", (self._source,))
        return found.fetchone() is not None

    def set_whole(self) -> None:
        self._sql.execute("INSERT OR IGNORE INTO whole VALUES (?)", (self._source,))

    def prune(self, now: datetime, max_pages: int = MAX_PAGES) -> None:
        source = self._source
        self._sql.execute(
            "DELETE FROM pages WHERE source = ? AND last_seen < ?",
            (source, (now - MAX_AGE).timestamp()),
        )
        self._sql.execute(
            "DELETE FROM pages WHERE source = ? AND url IN (SELECT url FROM pages "
            "WHERE source = ? ORDER BY last_seen DESC LIMIT -1 OFFSET ?)",
            (source, source, max_pages),
        )
        self._sql.execute(
            "DELETE FROM items WHERE source = ? AND page NOT IN "
            "(SELECT url FROM pages WHERE source = ?)", (source, source),
        )  # fmt: skip
        self._sql.execute(  # the text is there for a later comparison only
            "UPDATE items SET version = NULL WHERE source = ? AND version IS NOT NULL AND page IN "
            "(SELECT url FROM pages WHERE source = ? AND next_visit IS NULL) AND page NOT IN "
            "(SELECT url FROM standing WHERE source = ?)", (source, source, source),
        )  # fmt: skip


def _unpack(packed: bytes | None) -> RawItem | None:
    return _decoder.decode(zlib.decompress(packed)) if packed else None
