from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.intake.limits import Limits
from crawlers.intake.partners import Partners, add_partner, key_hash, load_partners, new_key
from schemas.errors import UserError


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


def test_a_key_is_added_to_the_file_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "partners.yaml"
    path.write_text(
        "# 谁可以报送\npartners:\n  - {name: a, key_env: KEY_OF_A, forms: true}\n", "utf-8"
    )
    key = new_key()
    add_partner(path, {"name": "热线", "key_sha256": key_hash(key), "channel": "call"})
    known = load_partners(path)
    assert path.read_text("utf-8").startswith("# 谁可以报送\n") and len(known.partners) == 2
    found = known.of(key)
    assert found and (found.name, found.channel) == ("热线", "call")
    before = path.read_bytes()
    for fields in ({"name": "热线", "key_sha256": key_hash("x")}, {"name": "b", "channel": "none"}):
        with pytest.raises(UserError):
            add_partner(path, fields)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_key_may_stand_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "partners.yaml"
    path.write_text("partners:\n  - {name: a, key_env: KEY_OF_A}\n")
    known = load_partners(path)
    assert known.of("") is None
    monkeypatch.setenv("KEY_OF_A", "short")
    assert known.of("short") is None
    monkeypatch.setenv("KEY_OF_A", "a key that is long enough")
    assert known.of("a key that is long enough") is not None
    path.write_text("partners:\n  - {name: a}\n")
    with pytest.raises(UserError, match="key_env"):
        load_partners(path)


def test_the_shipped_partners_let_nobody_in() -> None:
    known = load_partners(Path(__file__).parents[3] / "config" / "partners.yaml")
    assert len(known.partners) == 2 and known.of("") is None
