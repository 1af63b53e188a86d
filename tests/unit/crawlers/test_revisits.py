from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from crawlers.memory import Memory
from crawlers.revisits import diff, edited, next_try, next_visit
from tests.builders import NOW, raw_item

HOUR = timedelta(hours=1)


def test_visits_become_rarer_and_end() -> None:
    now, visits = NOW, []
    while (due := next_visit(NOW, now)) is not None:
        visits.append((due - NOW) / HOUR)
        now = due
    assert visits == [1, 6, 24, 72, 168]


def test_tries_of_a_broken_page_become_rarer_and_end() -> None:
    tries = [next_try(misses, NOW) for misses in range(1, 9)]
    assert tries[6:] == [None, None]
    waits = [(due - NOW) / HOUR for due in tries if due]
    assert waits == sorted(waits) and waits[0] < 0.2 and 100 < waits[-1] < 200


def test_the_diff_names_lines_that_went_and_came() -> None:
    before = raw_item(text="第一段\n已有3人死亡\n第三段", title="通报")
    after = raw_item(text="第一段\n已有5人死亡\n第三段", title="通报")
    assert diff(before, after).splitlines()[2:] == ["@@ -3 +3 @@", "-已有3人死亡", "+已有5人死亡"]
    new = edited(before.id, before, after)
    assert new.id == after.id and new.provenance and new.provenance.replaces == before.id


def test_memory_survives_and_knows_its_own_source_only(tmp_path: Path) -> None:
    item = raw_item()
    memory = Memory(tmp_path / "m.sqlite", "a")
    memory.keep(item, "http://a/1")
    memory.read("http://a/1", '"tag"', None, NOW)
    memory.close()
    memory = Memory(tmp_path / "m.sqlite", "a")
    page, known = memory.page("http://a/1"), memory.item(item.origin_id)
    assert page and (page.etag, page.next_visit) == ('"tag"', NOW + HOUR)
    assert known and known.version == item
    assert Memory(tmp_path / "m.sqlite", "b").page("http://a/1") is None


def test_memory_is_bounded_by_age_and_number(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m.sqlite", "a")
    for number in range(20):
        memory.keep(raw_item(str(number)), f"http://a/{number}")
        memory.read(f"http://a/{number}", None, None, NOW + timedelta(days=number * 10))
    now = NOW + timedelta(days=200)
    memory.prune(now, max_pages=5)
    kept = [n for n in range(20) if memory.page(f"http://a/{n}")]
    assert kept == [15, 16, 17, 18, 19]
    assert [n for n in range(20) if memory.item(raw_item(str(n)).origin_id)] == kept
    memory.prune(now + timedelta(days=75))
    assert [n for n in range(20) if memory.page(f"http://a/{n}")] == [19]


def test_texts_are_kept_only_while_they_may_be_compared(tmp_path: Path) -> None:
    memory, item = Memory(tmp_path / "m.sqlite", "a"), raw_item()
    memory.keep(item, "http://a/1")
    memory.read("http://a/1", None, None, NOW)
    memory.read("http://a/1", None, None, NOW + timedelta(days=8))
    memory.prune(NOW + timedelta(days=8))
    known = memory.item(item.origin_id)
    assert known and known.id == item.id and known.version is None


def test_what_lists_still_show_stays(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m.sqlite", "a")
    memory.read("http://a/1", None, None, NOW)
    later = NOW + timedelta(days=80)
    assert memory.listed(["http://a/1", "http://a/2"], later) == 1
    memory.prune(NOW + timedelta(days=100))
    assert memory.page("http://a/1")
