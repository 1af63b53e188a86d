"""Dictionary words of a batch, and how far texts are read."""

from __future__ import annotations

from models.joined import PAD, join
from models.marks import marks
from models.reach import EVENT, OTHER, joined_reach
from models.training.silver import labels, silver_rows


def test_words_are_flagged_by_kind() -> None:
    found = marks(join(["湖北物业", "北京时间"]))
    flags = found.flags[PAD : PAD + 4].tolist()
    assert flags == [1, 2, 7, 8]  # a division begins and goes on, then a role
    assert [name.codes for name in found.names] == [("420000",)]  # 北京时间 is no place
    assert found.roles == [(PAD + 2, PAD + 4)]


def test_an_event_is_read_further_than_a_review() -> None:
    review, event = "味道不错。" * 400, "工厂爆炸。" * 400
    batch = joined_reach([review, event, "短", ""])
    lengths = (batch.ends - batch.starts).tolist()
    assert lengths == [OTHER, EVENT, 1, 0]


def test_silver_labels_mark_times_places_and_people() -> None:
    got = labels("3月5日上海市民投诉物业")
    assert got.tolist()[:4] == [1, 1, 1, 1]
    assert 2 in got.tolist() and 3 in got.tolist()


def test_silver_rows_are_the_same_each_time() -> None:
    texts = {"posts": ["昨天停电了", "", "老师很好"], "titles": ["油价上涨"]}
    first, second = silver_rows(texts), silver_rows(texts)
    assert [row["text"] for row in first] == [row["text"] for row in second]
    assert len(first) == 3
    assert all(len(row["labels"]) == len(row["text"]) for row in first)
