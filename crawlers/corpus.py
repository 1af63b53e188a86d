"""Stored collections to raw items: one pure function per format of line.

A line that is none of these is passed on as it is: the stream puts it among the
dead letters with the reason, so nothing is silently lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
import orjson

from crawlers.extract.times import BEIJING
from crawlers.items import author_hash
from schemas.base import encode
from schemas.raw_item import (
    MAX_TEXT,
    Author,
    Counts,
    Provenance,
    RawItem,
    item_id,
    origin_id,
)

WEIBO = "weibo"
_PLAIN_FIELDS = frozenset(RawItem.__struct_fields__) - {"schema", "id", "origin_id"}


@dataclass(frozen=True, slots=True)
class Message:
    """What is published for one item: `at` is its own time, for a replay at its own pace."""

    key: bytes | None
    value: bytes
    at: datetime | None = None


def messages(line: bytes, author_key: bytes, now: datetime) -> Iterator[Message]:
    """The messages of one line of a stored collection."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = None
    if not isinstance(record, dict):
        yield Message(None, line)
    elif isinstance(record.get("spread"), list) and "id" in record:
        yield from weibo(record, author_key, now)
    elif isinstance(record.get("origin_id"), str):
        yield Message(record["origin_id"].encode(), line, _time(record.get("published_at")))
    else:
        yield plain(record, line, now)


def plain(record: dict[str, Any], line: bytes, now: datetime) -> Message:
    """`{"text": …}` with whatever other fields of a RawItem it has; `id` is the caller's own."""
    title, text = record.get("title") or "", record.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str) or not (title or text):
        return Message(None, line)
    known = {name: value for name, value in record.items() if name in _PLAIN_FIELDS}
    known = {"source": "replay", "channel": "other", "fetched_at": now, **known}
    known["published_at"] = _time(record.get("published_at"))
    own = record.get("id")
    origin = origin_id(str(known["source"]), str(own) if own is not None else f"{title}\0{text}")
    known |= {"id": item_id(origin, title, text), "origin_id": origin, "title": title, "text": text}
    try:
        item = msgspec.convert(known, RawItem)
    except (msgspec.ValidationError, TypeError):
        return Message(None, line)
    return Message(origin.encode(), encode(item), item.published_at)


def weibo(record: dict[str, Any], author_key: bytes, now: datetime) -> Iterator[Message]:
    """An original post, then every repost and comment with its parent.

    The author hashes of the collection are hashed again with the installation's key:
    what is stored here cannot be joined with the collection itself.
    """
    provenance = Provenance(collector="replay:weibo")
    root = origin_id(WEIBO, str(record["id"]))
    try:
        published = datetime.fromtimestamp(record["time"], UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        published = None
    text = _string(record.get("text"))
    yield _message(RawItem(
        id=item_id(root, "", text), origin_id=root, source=WEIBO, channel="weibo", fetched_at=now,
        published_at=published, text=text, author=_original_author(record), provenance=provenance,
        counts=Counts(
            likes=_count(record.get("likes")),
            comments=_count(record.get("comments")),
            reposts=_count(record.get("reposts")),
        ),
    ))  # fmt: skip
    for row in record["spread"]:
        if not isinstance(row, dict) or not row.get("mid"):
            yield Message(None, orjson.dumps({"of": record["id"], "spread": row}))
            continue
        yield _message(_spread(row, root, author_key, now, provenance))


def _spread(
    row: dict[str, Any], root: str, author_key: bytes, now: datetime, provenance: Provenance
) -> RawItem:
    origin = origin_id(WEIBO, str(row["mid"]))
    text = _string(row.get("text"))
    author = row.get("author")
    return RawItem(
        id=item_id(origin, "", text),
        origin_id=origin,
        source=WEIBO,
        channel="weibo",
        fetched_at=now,
        published_at=_beijing(row.get("time")),
        text=text,
        author=Author(hash=_hash(str(author), author_key)) if author else None,
        parent_id=origin_id(WEIBO, str(row["parent"])) if row.get("parent") else root,
        root_id=root,
        provenance=provenance,
    )


@lru_cache(100_000)
def _hash(author: str, key: bytes) -> str:
    return author_hash(author, key)


def _original_author(record: dict[str, Any]) -> Author:
    kind: Any = "verified" if record.get("author_verified") else "person"
    return Author(kind=kind, followers=_count(record.get("author_followers")))


def _message(item: RawItem) -> Message:
    return Message(item.origin_id.encode(), encode(item), item.published_at)


def _string(value: object) -> str:
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= 2**53 else None


def _beijing(value: object) -> datetime | None:
    """`2012-09-16 15:05:11`, Beijing time."""
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=BEIJING)
    except ValueError:
        return None


def _time(value: object) -> datetime | None:
    """An ISO time or an epoch in seconds; without a zone it is Beijing's."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)
