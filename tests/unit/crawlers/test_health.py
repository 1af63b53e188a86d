from __future__ import annotations

from datetime import timedelta

import pytest

from crawlers.health import cause_of, health, judge
from crawlers.run_log import Run
from tests.builders import NOW

EVERY = timedelta(minutes=30)
SEEN = "all seen"


def steady(days: float = 8, items: int = 3, until: timedelta = timedelta()) -> list[Run]:
    """A source that brings `items` at every run, up to `until` before now."""
    count = int((timedelta(days=days) - until) / EVERY)
    return [Run(NOW - until - n * EVERY, items=items) for n in range(count, 0, -1)]


def bad(why: str, count: int, items: int = 0, **errors: int) -> list[Run]:
    return [Run(NOW - n * timedelta(minutes=1), items=items, why=why, errors=errors)
            for n in range(count, 0, -1)]  # fmt: skip


def test_a_source_that_goes_on_as_ever_is_fine() -> None:
    assert judge(steady(), EVERY, NOW).status == "fine"
    assert judge([], EVERY, NOW).status == "new"


@pytest.mark.parametrize(
    ("why", "status", "cause"),
    [("robots", "broken", "robots"), ("HTTP 403", "broken", "blocked"),
     ("HTTP 404", "broken", "gone"), ("HTTP 502", "broken", "server"),
     ("timeout", "broken", "unreachable"), ("address refused", "broken", "refused"),
     ("empty list or changed layout", "layout", "layout"),
     ("articles: layout", "layout", "layout"), ("the crawl ended with code -9", "broken", "other")],
)  # fmt: skip
def test_failures_in_a_row_have_their_class(why: str, status: str, cause: str) -> None:
    for past in (steady(), []):  # one that worked, one that never did
        found = judge([*past, *bad(why, 3)], EVERY, NOW)
        assert (found.status, found.cause, found.detail) == (status, cause, why)


def test_a_hiccup_is_no_alarm_but_a_source_that_never_worked_is_told_at_once() -> None:
    assert judge([*steady(), *bad("timeout", 2)], EVERY, NOW).status == "fine"
    assert judge(bad("robots", 1), EVERY, NOW).status == "broken"


def test_nothing_new_is_kept_apart_from_failure() -> None:
    assert judge([*steady(), *bad(SEEN, 5)], EVERY, NOW).status == "fine"


def test_what_is_not_kept_is_told() -> None:
    lost = [Run(NOW - n * EVERY, failed="broker gone") for n in (3, 2, 1)]
    assert judge([*steady(), *lost], EVERY, NOW).cause == "unpublished"


def test_pages_that_can_no_longer_be_read_are_a_changed_layout() -> None:
    half = [Run(NOW - n * EVERY, items=1, errors={"layout": 9}) for n in (3, 2, 1)]
    assert judge([*steady(until=2 * EVERY), *half], EVERY, NOW).status == "layout"


def test_silence_against_its_own_past() -> None:
    silent = [Run(NOW - n * EVERY, why=SEEN) for n in range(10, 0, -1)]
    found = judge([*steady(until=timedelta(hours=5)), *silent], EVERY, NOW)
    assert (found.status, found.cause) == ("silent", "nothing")
    assert "usually 30" in found.detail or "usually 29" in found.detail


def test_a_source_that_always_was_quiet_is_not_silent() -> None:
    quiet = [Run(NOW - n * EVERY, items=int(n % 48 == 0), why=SEEN) for n in range(400, 0, -1)]
    assert judge(quiet, EVERY, NOW).status == "fine"


def test_a_quiet_night_is_like_the_night_before() -> None:
    """Sixteen hours of news and eight hours of nothing, every day."""
    runs = []
    for n in range(8 * 48, 0, -1):
        at = NOW - n * EVERY
        asleep = (NOW - at) % timedelta(days=1) < timedelta(hours=8)
        runs.append(Run(at, items=0 if asleep else 4, why=SEEN if asleep else None))
    assert judge(runs, EVERY, NOW).status == "fine"


def test_hardly_anything_is_told_too() -> None:
    few = [Run(NOW - n * EVERY, items=int(n == 1), why=SEEN) for n in range(13, 0, -1)]
    found = judge([*steady(until=timedelta(hours=6.5), items=4), *few], EVERY, NOW)
    assert (found.status, found.cause) == ("silent", "fewer")


def test_the_stock_of_the_first_crawl_is_not_the_pace() -> None:
    runs = [Run(NOW - timedelta(hours=30), items=5_000)]
    runs += [Run(NOW - n * EVERY, why=SEEN) for n in range(59, 0, -1)]
    assert judge(runs, EVERY, NOW).status == "fine"


def test_a_schedule_that_stands_still_is_told() -> None:
    assert judge(steady(until=timedelta(hours=3)), EVERY, NOW).cause == "not run"


def test_the_record_keeps_the_time_of_the_change() -> None:
    runs = [*steady(), *bad("robots", 3, robots=4)]
    first = health("s", "来源", runs, EVERY, NOW)
    later = health("s", "来源", runs, EVERY, NOW + EVERY, first)
    assert later.since == first.since == NOW and later.updated_at == NOW + EVERY
    assert (later.failures, later.errors) == (3, ["robots ×4"])
    assert later.last_item == later.last_success == runs[-4].at
    assert abs(first.usual_per_hour - 6) < 0.1 and abs(first.items_per_hour - 6) < 0.2


def test_every_reason_of_a_crawl_has_a_class() -> None:
    assert cause_of("something new") == "other"
    assert cause_of("articles on other hosts") == "gone"
