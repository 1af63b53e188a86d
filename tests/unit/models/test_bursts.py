"""Bursts against a source's own past, and rising words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import holidays
import numpy as np
import pytest

from models.bursts import burst, gap, local, off_days
from models.rising import Counted, g_squared, rising

NOW = int(datetime(2026, 3, 18, 3, tzinfo=UTC).timestamp() // 3600)  # Wednesday 11:00 in Beijing
CHINA = holidays.country_holidays("CN")
OFF = off_days(CHINA.is_working_day, NOW)


def usual(rate: float = 6, days: int = 28, seed: int = 1) -> dict[int, int]:
    """Ten times as much by day as by night."""
    rng = np.random.default_rng(seed)
    return {
        hour: int(rng.poisson(rate if (hour + 8) % 24 in range(8, 22) else rate / 10))
        for hour in range(NOW - 24 * days, NOW + 1)
    }


def test_an_hour_far_above_its_past_is_a_burst_and_usual_hours_are_not() -> None:
    counts = usual()
    assert burst(counts, counts, NOW, OFF) is None
    counts[NOW] = 40
    found = burst(counts, counts, NOW, OFF)
    assert found is not None and found.hour == NOW and found.observed == 40
    assert 3 < found.expected < 9 and found.score > 4 and found.labels == ()


def test_few_false_bursts_in_a_month_of_nothing_special() -> None:
    said = sum(
        burst(counts, counts, hour, OFF) is not None
        for counts in (usual(days=60, seed=seed) for seed in range(3))
        for hour in range(NOW - 240, NOW + 1)
    )
    assert said <= 3


def test_the_time_of_day_counts() -> None:
    counts = usual(60)
    night = NOW - 8  # 03:00
    counts[night] = 60  # nothing by day, a lot by night
    assert burst(counts, counts, night, OFF) is not None
    assert burst(usual(60), usual(60), NOW, OFF) is None


def test_days_off_are_set_against_days_off() -> None:
    assert date(2026, 3, 15) in OFF and date(2026, 3, 17) not in OFF  # Sunday, Tuesday
    spring = int(datetime(2026, 2, 20, 3, tzinfo=UTC).timestamp() // 3600)
    assert date(2026, 2, 18) in off_days(CHINA.is_working_day, spring)  # Spring Festival
    counts = {hour: 3 if local(hour).date() in OFF else 30 for hour in range(NOW - 670, NOW + 1)}
    sunday = NOW - 24 * 3
    assert burst(counts, counts, NOW, OFF) is None
    assert burst(counts, counts, sunday, OFF) is None
    counts[sunday] = 30  # a working day's number
    found = burst(counts, counts, sunday, OFF)
    assert found is not None and found.expected == 3


def test_a_crawl_that_was_late_is_no_burst() -> None:
    counts = usual()
    arrived = dict(counts)
    for hour in range(NOW - 10, NOW):  # down for ten hours, then all at once
        arrived[NOW] = arrived.get(NOW, 0) + arrived.pop(hour)
    assert burst(counts, arrived, NOW, OFF) is None  # dated items: at their own hours
    assert burst(arrived, arrived, NOW, OFF) is None  # undated: at the hour of arrival
    counts[NOW] = 200  # and yet what is new is seen
    found = burst(counts, arrived, NOW, OFF)
    assert found is not None and found.labels == ("after_gap",) and found.expected > 20
    assert gap({NOW - 3: 5, NOW: 70}, NOW) == 2 and gap({}, NOW) == 0


def test_a_burst_that_comes_late_is_still_found() -> None:
    counts = usual()
    counts[NOW - 2] = 40
    found = burst(counts, counts, NOW, OFF)
    assert found is not None and found.hour == NOW - 2


@pytest.mark.parametrize(
    "counts",
    [{}, {NOW: 10_000}, {NOW - 1: 5, NOW: 900}, {NOW + 1: 9_000, NOW + 10**6: 3},
     dict.fromkeys(range(NOW - 600, NOW), 0) | {NOW: 4}],
)  # fmt: skip
def test_no_past_few_items_or_future_dates_are_no_burst(counts: dict[int, int]) -> None:
    assert burst(counts, counts, NOW, OFF) is None


def test_words_rise_by_significance_growth_and_support() -> None:
    words = [
        Counted("电价", 60, 40), Counted("居民", 500, 5_000), Counted("停电", 3, 0),
        Counted("地震", 5, 0), Counted("的", 900, 10), Counted("2026", 90, 0),
        Counted("WTO", 20, 1),
    ]  # fmt: skip
    found = rising(words, 1_000, 10_000)
    assert [each.word for each in found] == ["电价", "WTO", "地震"]
    assert found[0].documents == 60 and found[0].expected == pytest.approx(4.05, abs=0.01)
    assert rising(words, 1_000, 20) == [] and rising(words, 0, 10_000) == []
    assert (
        len(rising([Counted(f"词{chr(0x4E00 + n)}", 50, 0) for n in range(90)], 100, 1_000)) == 20
    )


def test_the_statistic_is_nought_for_equal_shares_and_that_of_the_textbook() -> None:
    assert g_squared(10, 100, 100, 1_000) == pytest.approx(0)
    # 2 Σ O ln(O/E) of the table 20 80 / 10 190
    expected = 2 * (20 * np.log(20 / 10) + 10 * np.log(10 / 20) + 80 * np.log(80 / 90)
                    + 190 * np.log(190 / 180))  # fmt: skip
    assert g_squared(20, 100, 10, 200) == pytest.approx(expected)
