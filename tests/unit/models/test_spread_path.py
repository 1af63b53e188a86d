"""The way of a spread: tree, key nodes, speed, and who copied whom; no private person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.spread_path import path
from schemas.base import content_id, encode
from schemas.opinion import Duplicate, Opinion
from schemas.raw_item import Author
from tests.builders import NOW


def _key(key: str) -> str:
    return content_id("thing", key)


def _item(key: str, minutes: float, parent: str = "", **fields: Any) -> Opinion:
    at = NOW + timedelta(minutes=minutes)
    return Opinion(
        id=content_id("item", key), origin_id=_key(key), source=fields.pop("source", "微博"),
        channel="weibo", fetched_at=at, published_at=at, indexed_at=at,
        parent_id=_key(parent) if parent else None, root_id=_key("root") if parent else None,
        cluster_id=fields.pop("cluster_id", _key(key)), **fields,
    )  # fmt: skip


def test_a_tree_of_reposts() -> None:
    person = Author(hash="abc", name="张三", kind="person", followers=10)
    paper = Author(name="某日报", kind="verified", followers=9)
    items = [
        _item("root", 0, author=person),
        _item("a", 10, "root", author=paper),
        *(_item(f"b{n}", 20 + n, "a") for n in range(5)),
        _item("c", 130, "b0"),
    ]
    found = path(items[::-1])
    assert (found.items, found.depth, found.by_step) == (8, 3, [1, 1, 5, 1])
    assert [(node.name, node.passed_on, node.step) for node in found.key_nodes] == [
        ("某日报", 6, 1)
    ]
    assert found.first_hour == 7 and found.half_hours == 0.35
    assert "张三".encode() not in encode(found) and b"abc" not in encode(found)


def test_a_repost_whose_parent_is_not_there_and_a_ring_of_parents() -> None:
    found = path([_item("x", 0, "gone"), _item("p", 1, "q"), _item("q", 2, "p")])
    assert found.items == 3 and found.by_step[0] == 0 and found.depth >= 1
    assert path([]).items == 0 and path([]).by_step == []


def test_who_copied_whom_goes_by_when_it_was_published() -> None:
    cluster = _key("late")  # met first by the crawler, published last
    duplicate = Duplicate(of=cluster, similarity=0.9, reason="near")
    found = path(
        [
            _item("late", 120, source="转载网", cluster_id=cluster),
            _item("first", 0, source="日报", cluster_id=cluster, duplicate=duplicate),
            _item("mid", 30, source="门户", cluster_id=cluster, duplicate=duplicate),
        ]
    )
    assert [(c.source, c.of_source, c.hours) for c in found.copies] == [
        ("门户", "日报", 0.5), ("转载网", "日报", 2.0)
    ]  # fmt: skip


def test_a_new_version_of_a_thing_counts_once() -> None:
    assert path([_item("a", 0), _item("a", 0)]).items == 1
