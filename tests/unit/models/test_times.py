"""Times and their values, resolved against the publish time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.time_values import context, value
from models.times import times

PUBLISHED = datetime(2008, 4, 5, 9, 12)  # a Saturday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("昨天下午1点多", "2008-04-04T13:00+08:00"),
        ("3月5日", "2008-03-05"),
        ("12月30日", "2007-12-30"),
        ("本周三", "2008-04-02"),
        ("上周五", "2008-03-28"),
        ("周日", "2008-03-30"),
        ("2008年5月12日14时28分", "2008-05-12T14:28+08:00"),
        ("二〇〇八年五月十二日", "2008-05-12"),
        ("去年12月", "2007-12"),
        ("前天凌晨3点左右", "2008-04-03T03:00+08:00"),
        ("截至昨晚7时", "2008-04-04T19:00+08:00"),
        ("中午12点", "2008-04-05T12:00+08:00"),
        ("8月31日下午16:45左右", "2007-08-31T16:45+08:00"),
        ("28日20时01分", "2008-03-28T20:01+08:00"),
        ("2008-04-01", "2008-04-01"),
        ("3天前", "2008-04-02"),
        ("两年前", "2006"),
        ("晚上24时", "2008-04-06T00:00+08:00"),
        ("近日", None),
        ("目前", None),
        ("2月30日", None),
        ("25时", None),
    ],
)
def test_values(text: str, expected: str | None) -> None:
    assert value(text, context(PUBLISHED)) == expected


def test_what_was_named_before_is_the_anchor() -> None:
    known = context(PUBLISHED)
    got = [value(t, known) for t in ("3月5日晚8点", "半小时后", "当晚", "次日凌晨")]
    assert got == ["2008-03-05T20:00+08:00", "2008-03-05T20:30+08:00", "2008-03-05", "2008-03-06"]


def test_without_publish_time_only_full_dates_resolve() -> None:
    known = context(None)
    assert [value(t, known) for t in ("昨天", "3月5日", "2008年3月5日")] == [
        None,
        None,
        "2008-03-05",
    ]


def test_the_publish_time_is_read_as_beijing_time() -> None:
    late = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # already the 24th in Beijing
    assert value("今天", context(late)) == "2026-11-24"


def test_times_of_a_batch_keep_to_their_text() -> None:
    texts = [
        "昨天下午3点，两车相撞。今天上午恢复通车。",
        "没有时间",
        "2024年3月5日停电，3月6日恢复。",
    ]
    got = times(texts, [PUBLISHED, None, None])
    assert [[m.value for m in own] for own in got] == [
        ["2008-04-04T15:00+08:00", "2008-04-05"],
        [],
        ["2024-03-05", "2024-03-06"],
    ]
    assert all(m.text in text for own, text in zip(got, texts, strict=True) for m in own)
