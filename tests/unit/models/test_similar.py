"""Similar past events, by words and make-up, and how they went."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.similar import course, likeness, rank
from schemas.alert import Alert
from schemas.event import Event
from schemas.trend import PhaseNumbers, Trend
from tests.builders import NOW


def event(key: str, words: str, **fields: object) -> Event:
    base: dict[str, object] = {
        "id": key, "title": words, "keywords": words.split(), "items": 30,
        "first_at": NOW, "last_at": NOW + timedelta(days=2), "updated_at": NOW,
    }  # fmt: skip
    return Event(**(base | fields))  # type: ignore[arg-type]


def test_the_same_kind_of_matter_comes_first_and_never_itself() -> None:
    own = event("a", "化工 爆炸 漳源 死亡", topics=["safety"], level="II")
    far = event("b", "电价 上涨", topics=["energy"], level="IV")
    near = event("c", "化工 爆炸 青岛", topics=["safety"], level="II")
    less = event("d", "化工 爆炸 价格", topics=["prices"])
    found = rank(own, [(far, 3.0), (own, 50.0), (less, 20.0), (near, 20.0)])
    assert [other.id for other, _, _ in found] == ["c", "d"]
    assert 0 < found[1][1] < found[0][1] <= 1
    assert set(found[0][2]) == {"words", "topics", "level"}
    assert rank(own, []) == []


def test_equal_events_are_wholly_alike() -> None:
    from schemas.event import Tally

    full = event("a", "化工 爆炸", topics=["safety"], level="I", places=["330100"],
                 subjects=["某厂"], channels=[Tally(label="news", count=1)])  # fmt: skip
    assert sum(likeness(full, full, 1.0).values()) == pytest.approx(1)


def test_how_it_went() -> None:
    trend = Trend(id="a", title="", at=NOW, last_at=NOW,
                  numbers=PhaseNumbers(peak=20, peak_at=NOW + timedelta(hours=3)))  # fmt: skip
    alert = Alert(id="al", matter_id="a", title="", level="II", opened_at=NOW, updated_at=NOW,
                  status="closed", acknowledged_at=NOW + timedelta(minutes=9),
                  closed_at=NOW - timedelta(minutes=1))  # fmt: skip
    found = course(event("a", "x"), trend, alert)
    assert (found.items, found.days, found.peak, found.outcome) == (30, 2.0, 20, "closed")
    assert found.peak_after == timedelta(hours=3)
    assert found.acknowledged_after == timedelta(minutes=9)
    assert found.closed_after == timedelta(0)  # a clock that was set back
    assert course(event("a", "x"), None, None).outcome == ""
