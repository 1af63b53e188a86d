from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawlers.schedule import Schedule, first_due, next_due


def test_the_longest_due_comes_first_and_is_out_until_put_again() -> None:
    queue = Schedule()
    for name, due in (("c", 30), ("a", 10), ("b", 20)):
        queue.put(name, due)
    assert [queue.take(25) for _ in range(3)] == ["a", "b", None]
    queue.put("a", 26)
    assert [queue.take(40) for _ in range(3)] == ["a", "c", None]


def test_a_later_entry_replaces_an_earlier_one() -> None:
    queue = Schedule()
    queue.put("a", 10)
    queue.put("a", 50)
    queue.put("b", 10)
    queue.drop("b")
    assert queue.take(40) is None and queue.names() == {"a"} and queue.take(50) == "a"


@given(
    every=st.floats(1, 2_592_000), failures=st.integers(0, 1_000), chance=st.floats(0, 1),
    took=st.floats(0, 10_000),
)  # fmt: skip
def test_never_before_the_end_and_never_much_after_the_longest_pause(
    every: float, failures: int, chance: float, took: float
) -> None:
    due = next_due(1000, 1000 + took, every, failures, chance)
    assert due >= 1000 + took
    assert due <= 1000 + max(took, 1.1 * max(every, 6 * 3600) + 1e-6)


def test_the_interval_counts_from_the_start_and_failures_stretch_it() -> None:
    assert next_due(0, 50, 60, 0, 0.5) == 60
    assert next_due(0, 500, 60, 0, 0.5) == 500
    assert next_due(0, 0, 60, 3, 0.5) == 480
    assert {round(next_due(0, 0, 100, 0, c)) for c in (0, 1)} == {90, 110}


def test_after_a_restart_the_interval_goes_on() -> None:
    assert first_due(None, 1000, 600, 0, 1) == 1005
    assert first_due(900, 1000, 600, 0, 0.5) == 1500
    assert first_due(100, 1000, 600, 0, 0.5) == 1000
