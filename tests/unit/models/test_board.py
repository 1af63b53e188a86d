"""The board of live events: what is told, bounded and in the same way each time."""

from __future__ import annotations

from datetime import timedelta

from models.board import Board
from schemas.event import Event, Tally
from tests.builders import NOW

HOUR = int(NOW.timestamp() // 3600)


def event(key: str, counts: list[int], **fields: object) -> Event:
    """The last of `counts` is the current hour."""
    hours = {HOUR - len(counts) + 1 + at: n for at, n in enumerate(counts) if n}
    base: dict[str, object] = {
        "id": key, "title": key, "first_at": NOW - timedelta(hours=len(counts)), "last_at": NOW,
        "updated_at": NOW, "items": sum(counts), "hours": hours,
        "sources": [Tally(label="a", count=sum(counts))],
    }  # fmt: skip
    return Event(**(base | fields))  # type: ignore[arg-type]


CASCADE = [int(400 / (1 + age) ** 1.3) for age in range(30)]


def test_heat_phase_and_forecast_are_told_once_and_again_when_they_change() -> None:
    board = Board()
    board.put(event("big", [*CASCADE, 2]))
    board.put(event("small", [1, 1]))
    told = {trend.id: trend for trend in board.refresh(NOW)}
    assert told["big"].phase == "decline" and told["big"].forecast.hourly
    assert told["big"].numbers.peak_at is not None and told["big"].factors["volume"] > 0
    assert told["small"].phase == "latent" and told["small"].forecast.why == ""
    assert told["big"].heat > told["small"].heat > 0
    assert board.refresh(NOW) == []
    board.put(event("small", [1, 30]))
    again = board.refresh(NOW)
    assert [(trend.id, trend.phase) for trend in again] == [("small", "outbreak")]
    later = board.refresh(NOW + timedelta(hours=5))
    assert {trend.id: trend.phase for trend in later}["small"] == "decline"


def test_the_same_events_give_the_same_whatever_was_asked_between() -> None:
    def run(asked: int) -> list[object]:
        board = Board()
        board.put(event("a", [*CASCADE, 2]))
        board.put(event("b", [3, 3, 8]))
        for minute in range(asked):
            board.refresh(NOW + timedelta(minutes=minute))
        board.put(event("a", [*CASCADE, 90]))
        found = board.refresh(NOW + timedelta(hours=2))
        return [(t.id, t.phase, t.heat, t.forecast) for t in found]

    assert run(0) == run(5)


def test_the_board_is_bounded_and_forgets_what_is_idle() -> None:
    board = Board(max_events=10)
    for number in range(25):
        board.put(event(str(number), [5]))
    assert len(board) == 10
    assert {trend.id for trend in board.refresh(NOW)} == {str(n) for n in range(15, 25)}
    board.refresh(NOW + timedelta(days=8))
    assert len(board) == 0 and board.refresh(NOW) == []


def test_future_dates_floods_and_empty_events_harm_no_other() -> None:
    board = Board()
    board.put(event("future", [3], hours={HOUR: 3, HOUR + 50: 4_000, 2**40: 1}))
    board.put(event("flood", [10**6], items=10**6))
    board.put(event("empty", [], items=0, sources=[]))
    board.put(event("good", [2, 4, 9, 20]))
    told = {trend.id: trend for trend in board.refresh(NOW)}
    assert told["future"].labels == ["future_dates"] and told["future"].numbers.items == 3
    assert "single_source" in told["flood"].labels
    assert told["empty"].heat == 0 and told["empty"].phase == "latent"
    assert told["good"].phase == "outbreak"


def test_a_clock_that_stands_still_or_goes_back_changes_nothing_else() -> None:
    board = Board()
    board.put(event("a", [*CASCADE, 2]))
    board.refresh(NOW)
    assert board.refresh(NOW) == []
    back = board.refresh(NOW - timedelta(hours=3))
    assert all(trend.phase in ("decline", "spread", "outbreak") for trend in back)
    board.refresh(NOW)
    assert len(board) == 1
