"""Forecasts of an event's volume, its peak, and when nothing is said."""

from __future__ import annotations

import numpy as np
import pytest

from models.trend import dense, forecast, peaked

NOW = 500_000  # hours since 1970


def hours(counts: list[int]) -> dict[int, int]:
    """The last of `counts` is the hour before NOW."""
    return {NOW - len(counts) + at: n for at, n in enumerate(counts) if n}


CASCADE = [int(400 / (1 + age) ** 1.3) for age in range(30)]


def test_a_decaying_matter_is_forecast_with_an_interval_and_has_peaked() -> None:
    found = forecast(hours(CASCADE), NOW)
    assert found.method in ("cascade", "decay") and len(found.hourly) == 24
    assert found.error is not None and found.naive_error is not None
    assert found.error < found.naive_error
    assert found.total_low <= found.total <= found.total_high
    hourly = zip(found.low, found.hourly, found.high, strict=True)
    assert all(low <= middle <= high for low, middle, high in hourly)
    assert found.total < sum(CASCADE[-24:])
    assert found.peak == "past" and found.peak_at is not None
    assert found.peak_at.timestamp() == (NOW - 30) * 3600
    assert found.begins is not None and found.begins.timestamp() == NOW * 3600


def test_an_even_matter_is_forecast_to_go_on() -> None:
    counts = np.random.default_rng(3).poisson(12, 96).tolist()
    found = forecast(hours(counts), NOW)
    assert found.method == "level"
    assert found.total == pytest.approx(12 * 24, rel=0.2)


def test_nothing_is_forecast_where_the_naive_forecast_is_not_beaten() -> None:
    assert forecast(hours([9] * 48), NOW).why == "naive"
    daily = [1, 1, 1, 1, 1, 1, 2, 5, 20, 40, 30, 20, 10, 20, 30, 20, 10, 5, 5, 5, 9, 8, 3, 2]
    found = forecast(hours(daily * 4), NOW)
    assert found.method == "none" and found.why == "naive" and not found.hourly


@pytest.mark.parametrize(
    ("counts", "why"),
    [([], "young"), ([500], "young"), ([5, 4, 3], "young"), ([2] + [1] * 8, "small"),
     ([100] + [0] * 60, "small")],
)  # fmt: skip
def test_it_says_why_there_is_none(counts: list[int], why: str) -> None:
    assert forecast(hours(counts), NOW).why == why


def test_what_is_dated_in_the_future_or_long_ago_changes_nothing() -> None:
    odd = hours(CASCADE) | {NOW: 9, NOW + 1: 7_000, NOW + 10**6: 5, 0: 3, -4: 1}
    assert forecast(odd, NOW) == forecast(hours(CASCADE), NOW)
    assert len(dense({0: 5, NOW - 1: 2}, NOW)[0]) == 1


def test_numbers_stay_finite_however_big() -> None:
    found = forecast(hours([10**9, *[10**8] * 20, 10**6]), NOW)
    assert all(np.isfinite(found.hourly)) and np.isfinite(found.total_high)


def test_a_top_that_is_hardly_over_is_no_peak_yet() -> None:
    assert peaked(np.array([1.0, 5, 20, 50]))[0] == "unclear"
    assert peaked(np.array([1.0, 50, 40, 40, 30]))[0] == "unclear"
    assert peaked(np.array([1.0, 50, 20, 10, 5])) == ("past", 1)
