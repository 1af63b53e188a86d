"""How something spread: the tree of reposts, its key nodes and speed; who copied whom first.

Pure, over the stored items of an event. Private persons are never named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from schemas.opinion import Opinion

KEY_NODES, CHILDREN, COPIES = 10, 500, 100


class KeyNode(Struct):
    """A verified or institutional account that others passed it on from."""

    id: str
    name: str
    kind: str
    followers: int
    at: datetime
    step: int  # from the first post
    passed_on: int  # items that came by way of it


class Step(Struct):
    """An item of the tree, without its author."""

    id: str
    parent: str | None
    at: datetime
    step: int
    source: str


class Copy(Struct):
    """An article that took over another's text: from the earliest that it is a copy of."""

    id: str
    source: str
    title: str
    at: datetime
    of: str
    of_source: str
    similarity: float
    hours: float  # after the first


class Path(Struct):
    items: int
    depth: int  # steps from a first post to the repost farthest from it
    by_step: list[int]  # items at each step; 0: first posts
    tree: list[Step]  # the first CHILDREN by time
    key_nodes: list[KeyNode]
    copies: list[Copy]  # by time; the first of a text is no copy
    first_hour: int  # items in the hour after the first
    busiest_hour: int
    half_hours: float  # until half of all were there
    per_hour: float  # from the first to the last


def path(items: Sequence[Opinion]) -> Path:
    """Of the items of one event, in any order; a thing counts once, in its latest version."""
    things = {item.origin_id: item for item in sorted(items, key=lambda item: item.fetched_at)}
    order = sorted(things.values(), key=lambda item: (item.published_at, item.origin_id))
    steps = _steps(things)
    passed = _passed_on(things)
    counts = Counter(steps.values())
    depth = max(counts, default=0)
    seconds = [(item.published_at - order[0].published_at).total_seconds() for item in order]
    hours = Counter(int(item.published_at.timestamp() // 3600) for item in order)
    return Path(
        items=len(order),
        depth=depth,
        by_step=[counts[step] for step in range(depth + 1)] if order else [],
        tree=[
            Step(item.origin_id, item.parent_id, item.published_at, steps[item.origin_id],
                 item.source)
            for item in order[:CHILDREN]
            if item.parent_id or passed[item.origin_id]
        ],
        key_nodes=_key_nodes(order, steps, passed),
        copies=_copies(order),
        first_hour=sum(each <= 3600 for each in seconds),
        busiest_hour=max(hours.values(), default=0),
        half_hours=round(seconds[(len(seconds) - 1) // 2] / 3600, 2) if seconds else 0.0,
        per_hour=round(len(seconds) / max(seconds[-1] / 3600, 1.0), 2) if seconds else 0.0,
    )  # fmt: skip


def _steps(things: dict[str, Opinion]) -> dict[str, int]:
    """Steps of each thing from a first post; a repost whose parent is not stored is at 1, and a
    ring of parents (bad input) ends where it is met again."""
    known: dict[str, int] = {}
    for origin in things:
        chain: list[str] = []
        at: str | None = origin
        while at in things and at not in known and at not in chain:
            chain.append(at)
            at = things[at].parent_id
        # Above a first post is nothing; above a repost its parent, stored or not.
        below = known.get(at, 0) if at is not None else -1
        for each in reversed(chain):
            below += 1
            known[each] = below
    return known


def _passed_on(things: dict[str, Opinion]) -> Counter[str]:
    """How many items came by way of each, at any step below it."""
    below: defaultdict[str, list[str]] = defaultdict(list)
    for item in things.values():
        if item.parent_id:
            below[item.parent_id].append(item.origin_id)
    counts: Counter[str] = Counter()
    for origin in below:
        seen = {origin}
        left = list(below[origin])
        while left:
            at = left.pop()
            if at not in seen:
                seen.add(at)
                left += below.get(at, ())
        counts[origin] = len(seen) - 1
    return counts


def _key_nodes(
    order: Sequence[Opinion], steps: dict[str, int], passed: Counter[str]
) -> list[KeyNode]:
    found = [
        KeyNode(item.origin_id, item.author.name or "", item.author.kind,
                item.author.followers or 0, item.published_at, steps[item.origin_id],
                passed[item.origin_id])
        for item in order
        if item.author is not None and item.author.kind != "person"
    ]  # fmt: skip
    found.sort(key=lambda node: (-node.passed_on, -node.followers, node.at))
    return found[:KEY_NODES]


def _copies(order: Sequence[Opinion]) -> list[Copy]:
    """Each copy, of the earliest published item of its cluster: a crawler may have met the copy
    before what it copies."""
    first: dict[str, Opinion] = {}
    found: list[Copy] = []
    for item in order:
        if item.parent_id:
            continue
        of = first.setdefault(item.cluster_id, item)
        if of is not item and len(found) < COPIES:
            hours = (item.published_at - of.published_at).total_seconds() / 3600
            alike = item.duplicate.similarity if item.duplicate else 1.0
            found.append(
                Copy(item.origin_id, item.source, item.title, item.published_at, of.origin_id,
                     of.source, round(alike, 3), round(hours, 2))
            )  # fmt: skip
    return found
