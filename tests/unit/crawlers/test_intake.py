from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawlers.intake.limits import Limits
from crawlers.intake.partners import Partners, key_hash, new_key


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 50)), max_size=60), st.integers(1, 100))
def test_no_more_than_the_rate_and_one_bucket(steps: list[tuple[float, int]], rate: int) -> None:
    limits, now, taken = Limits(), 0.0, 0
    for pause, cost in steps:
        now += pause
        wait = limits.wait("a", rate, cost, now)
        assert 0 <= wait <= 60 * (50 + rate) / rate + 1e-6
        if wait == 0:
            taken += cost
    assert taken <= rate + now * rate / 60 + 50 + 1e-6


def test_after_the_wait_it_goes_through() -> None:
    limits = Limits()
    assert limits.wait("a", 60, 60, 0) == 0
    wait = limits.wait("a", 60, 10, 0)
    assert wait == 10 and limits.wait("a", 60, 10, wait) == 0


def test_a_key_is_known_by_its_hash_only() -> None:
    key = new_key()
    partners = Partners.model_validate(
        {
            "partners": [
                {"name": "a", "key_sha256": key_hash(key)},
                {"name": "b", "key_sha256": "0" * 64},
            ]
        }
    )
    found = partners.of(key)
    assert found and found.name == "a" and key not in repr(partners)
    assert (
        partners.of(key + "x") is None and partners.of("") is None and partners.of("\ud800") is None
    )
