"""Heat and phase of all live events at a moment."""

from __future__ import annotations

import numpy as np
import pytest

from models.heat import heat, labels, make_up, rank
from models.hourseries import HOURS, HourMatrix, as_series
from models.phases import phases
from schemas.event import Event, Tally
from tests.builders import NOW as WHEN

NOW = 500_000


def matrix_of(*events: dict[int, int], now: int = NOW) -> HourMatrix:
    return HourMatrix([as_series(hours) for hours in events], now)


def series(*counts: int) -> dict[int, int]:
    """The last of `counts` is the hour NOW."""
    return {NOW - len(counts) + 1 + at: n for at, n in enumerate(counts) if n}


def event(**fields: object) -> Event:
    base: dict[str, object] = {
        "id": "e", "title": "电价", "first_at": WHEN, "last_at": WHEN, "updated_at": WHEN,
    }  # fmt: skip
    return Event(**(base | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counts", "phase"),
    [
        ((1, 1), "latent"), ((), "latent"),
        ((1, 0, 2, 4, 9, 20), "outbreak"), ((500,), "outbreak"),
        ((9, 30, 30, 28, 31, 30, 29), "spread"),
        ((40, 60, 50, 20, 8, 4, 2, 1, 1), "decline"), ((90, *[0] * 40), "decline"),
        ((40, 60, 50, 20, 8, 1, 0, 0, 1, 2, 1, 9, 14, 18), "rebound"),
        ((10, 10, 10, *[0] * 20, 20, 40, 60), "outbreak"),  # higher than ever: no mere rebound
    ],
)  # fmt: skip
def test_phase(counts: tuple[int, ...], phase: str) -> None:
    assert phases(matrix_of(series(*counts))).phase(0) == phase


def test_the_numbers_behind_a_phase() -> None:
    found = phases(matrix_of(series(40, 60, 50, 20, 8, 1, 0, 0, 1, 2, 1, 9, 14, 18)))
    assert found.items[0] == 224 and found.recent[0] == 41 and found.before[0] == 4
    assert found.peak[0] == 150 and found.peak_hour[0] == NOW - 11
    assert found.trough[0] == 1


def test_every_event_for_itself_and_odd_hours_bounded() -> None:
    odd = series(5, 5, 5) | {NOW + 1: 50, NOW + 10**9: 7, NOW - HOURS: 3, -10: 2}
    matrix = matrix_of(series(1), odd, {}, series(9))
    assert matrix.counts.sum(axis=1).tolist() == [1, 15, 0, 9]
    assert matrix.future.tolist() == [0, 57, 0, 0] and matrix.old.tolist() == [0, 5, 0, 0]
    assert len(matrix_of().counts) == 0
    assert phases(matrix_of()).code.tolist() == []


def test_heat_is_the_written_formula_and_fades_with_its_half_life() -> None:
    one = event(
        items=8, sources=[Tally(label="a", count=4), Tally(label="b", count=4)], score=50,
        tiers=[Tally(label="public", count=7), Tally(label="central", count=1)],
        attitudes=[Tally(label="negative", count=4), Tally(label="neutral", count=4)],
    )  # fmt: skip
    made = np.array([make_up(one)])
    assert made[0].tolist() == [2, 1.25, 1.5, 1.25, 1.5]
    now = heat(matrix_of(series(8)), made).heat[0]
    assert now == pytest.approx(10 * np.log2(1 + 8 * 1.25 * 1.5 * 1.25 * 1.5))
    later = heat(matrix_of(series(8), now=NOW + 6), made)
    assert later.volume[0] == pytest.approx(4) and later.heat[0] < now


def test_a_flood_of_one_source_is_no_hotter_than_its_bound_and_labelled() -> None:
    flood = event(items=10**6, sources=[Tally(label="one", count=10**6)])
    many = event(items=2_000, sources=[Tally(label=f"s{n}", count=100) for n in range(20)])
    found = heat(matrix_of(series(10**6), series(2_000)),
                 np.array([make_up(flood), make_up(many)])).heat  # fmt: skip
    assert rank(found.tolist()) == [1, 0]
    assert labels(flood, 0) == ["single_source"] and labels(many, 3) == ["future_dates"]
    assert np.isfinite(make_up(event())).all()


def test_all_items_at_one_second_are_an_outbreak_that_ends() -> None:
    at_once = {NOW: 10_000}
    assert phases(matrix_of(at_once)).phase(0) == "outbreak"
    assert phases(matrix_of(at_once, now=NOW + 3)).phase(0) == "decline"
