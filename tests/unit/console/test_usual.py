"""Today beside the usual of earlier days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from console.usual import hours_of, usual
from console.words import beside, until
from response.durations import CHINA

NOW = datetime(2026, 3, 10, 4, 30, tzinfo=UTC)  # 12:30 in China


def bucket(when: datetime, items: int) -> dict[str, Any]:
    return {"key": int(when.timestamp() * 1000), "doc_count": items,
            "duplicates": {"doc_count": items // 2}, "negative": {"doc_count": 1}}  # fmt: skip


def test_the_median_of_earlier_days_up_to_this_time() -> None:
    buckets = [
        bucket(datetime(2026, 3, day, hour, tzinfo=CHINA), items)
        for day, items in ((7, 10), (8, 20), (9, 1_000)) for hour in (1, 12, 20)
    ]  # fmt: skip
    found = usual(hours_of(buckets))
    assert found.days == 3
    # All of one o'clock, half of twelve, nothing of the evening; one wild day moves nothing.
    assert found.by(NOW) == {"items": 30.0, "duplicates": 15.0, "negative": 1.5}


def test_no_earlier_day_has_nothing_usual() -> None:
    assert usual({}).days == 0 and usual({}).by(NOW)["items"] == 0


def test_the_first_hour_of_the_day_counts_as_far_as_it_has_gone() -> None:
    midnight = datetime(2026, 3, 10, tzinfo=CHINA)
    found = usual(hours_of([bucket(midnight - timedelta(days=1), 60)]))
    assert found.by(midnight)["items"] == 0
    assert found.by(midnight + timedelta(minutes=10))["items"] == 10


def test_differences_are_said_as_people_say_them() -> None:
    assert beside(105, 100) == "与往常相当" == beside(91, 100)
    assert beside(150, 100) == "多 50%" and beside(20, 100) == "少 80%"
    assert until(NOW + timedelta(minutes=5), NOW) == "还有 5 分钟"
    assert until(NOW - timedelta(hours=3), NOW) == "已过 3 小时"
