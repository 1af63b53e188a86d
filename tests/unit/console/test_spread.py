from __future__ import annotations

from console.spread import depth, leaders
from schemas.opinion import Opinion
from schemas.raw_item import Author
from tests.builders import NOW


def _item(origin: str, parent: str | None = None, author: Author | None = None) -> Opinion:
    return Opinion(
        id=origin, origin_id=origin, source="s", channel="weibo", fetched_at=NOW, author=author,
        published_at=NOW, indexed_at=NOW, parent_id=parent, cluster_id="a",
    )  # fmt: skip


def test_depth_follows_the_parents() -> None:
    chain = [_item("a"), _item("b", "a"), _item("c", "b"), _item("d", "a")]
    assert depth(chain) == 2
    assert depth(chain[::-1]) == 2
    assert depth([_item("a")]) == 0
    assert depth([]) == 0


def test_a_parent_that_is_not_here_is_one_step_away_and_a_circle_ends() -> None:
    assert depth([_item("b", "elsewhere")]) == 1
    assert depth([_item("a", "b"), _item("b", "a")]) >= 1


def test_private_persons_are_never_leaders() -> None:
    person = _item("a", author=Author(hash="x", followers=10**6))
    small = _item("b", author=Author(name="某报", kind="institution", followers=10))
    large = _item("c", author=Author(name="某台", kind="verified", followers=100))
    assert [item.id for item in leaders([person, small, large, _item("d")])] == ["c", "b"]
