"""When a page is looked at again, and what has changed since: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from difflib import unified_diff
from typing import Any

from msgspec.structs import replace

from schemas.raw_item import Change, Provenance, Rank, RawItem

# After the first sight, and then no more: edits and deletions come early, if at all.
_AGES = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168))
_FIRST_RETRY, _TRIES = timedelta(minutes=10), 6
MAX_DIFF = 20_000
MAX_RANKS = 200
MAX_GONE = 3  # replies that may all vanish at a time without a doubt


def next_visit(first_seen: datetime, now: datetime) -> datetime | None:
    """The next age at which the page is due; None when it is left in peace."""
    return next((first_seen + age for age in _AGES if first_seen + age > now), None)


def next_try(misses: int, now: datetime) -> datetime | None:
    """For a page that could not be read: later each time, and at last no more."""
    return now + _FIRST_RETRY * 4 ** (misses - 1) if misses <= _TRIES else None


def diff(before: RawItem, after: RawItem) -> str:
    """The lines that went and came, as a unified diff without context."""
    lines = unified_diff(_lines(before), _lines(after), "before", "after", lineterm="", n=0)
    return "\n".join(lines)[:MAX_DIFF]


def _lines(item: RawItem) -> list[str]:
    return [item.title, *item.text.splitlines()]


def edited(replaces: str, before: RawItem | None, after: RawItem) -> RawItem:
    """The new version, which says what it replaces; the earlier one stays as it is."""
    changes = diff(before, after) if before else ""
    return _marked(after, "edited", replaces=replaces, diff=changes, revision=_after(before))


def deleted(last: RawItem, status: int | None) -> RawItem:
    """The last version once more under its own id, marked: its document says so from now on."""
    return _marked(last, "deleted", status=status, revision=_after(last))


def vanished(known: Iterable[RawItem], stood: Collection[str], whole: bool) -> list[RawItem]:
    """The posts of a thread that stand there no more. `stood`: the origin ids that were seen.

    None when the thread was not read to its end, or when so much is missing that the
    forum has rather hidden it (a login wall, another layout).
    """
    posts = list(known)
    gone = [post for post in posts if post.origin_id not in stood]
    if not whole or (len(gone) > MAX_GONE and len(gone) * 2 > len(posts)):
        return []
    return [deleted(post, None) for post in gone]


def off_list(last: RawItem, at: datetime) -> RawItem | None:
    """The title of a hot list once more, now without a rank; None when that is known."""
    if last.counts is None or last.counts.rank is None:
        return None
    left = Rank(at=at, rank=None)
    return replace(last, counts=replace(last.counts, rank=None, ranks=[left]))


def returned(before: RawItem | None, item: RawItem) -> RawItem:
    return _marked(item, "returned", revision=_after(before))


def recounted(before: RawItem, item: RawItem) -> RawItem:
    """The same text with other counts: they are the spread."""
    if item.counts and before.counts and item.counts.ranks:
        ranks = [*before.counts.ranks, *item.counts.ranks][-MAX_RANKS:]
        item = replace(item, fetched_at=before.fetched_at, counts=replace(item.counts, ranks=ranks))
    return _marked(item, None, revision=_after(before))


def counts_differ(before: RawItem, item: RawItem) -> bool:
    """A rank that stays as it is says nothing new, at whatever time it is seen."""
    if item.counts and before.counts and item.counts.ranks:
        return item.counts.rank != before.counts.rank
    return before.counts != item.counts


def _after(before: RawItem | None) -> int:
    return before.provenance.revision + 1 if before and before.provenance else 1


def _marked(item: RawItem, change: Change | None, **fields: Any) -> RawItem:
    provenance = replace(item.provenance or Provenance(), change=change, **fields)
    return replace(item, provenance=provenance)
