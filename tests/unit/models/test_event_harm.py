"""Bad input is bounded and labelled, and harms no other event."""

from __future__ import annotations

from datetime import timedelta

from models.event_record import record
from models.events import EventGrouper
from models.first_hour_watch import FirstHours
from schemas.base import content_id
from tests.builders import NOW, brief

OTHER = brief("other", "电价 上涨 居民 反映", source="门户")


def _with_other() -> EventGrouper:
    grouper = EventGrouper(max_events=100)
    grouper.add([OTHER], NOW)
    return grouper


def _unharmed(grouper: EventGrouper) -> None:
    found = grouper.live[grouper.event_of(OTHER.origin_id) or ""]
    assert found.items == 1 and record(found, NOW).title == "电价上涨居民反映"


def test_a_date_in_the_future_counts_as_now_and_is_labelled() -> None:
    grouper = _with_other()
    far = NOW + timedelta(days=3000)
    (event,) = grouper.add([brief("1", "化工厂 爆炸", published_at=far)], NOW)
    told = record(event, NOW)
    assert told.labels == ["future_dates"] and told.last_at == NOW
    assert list(told.hours) == [int(NOW.timestamp() // 3600)]
    (same,) = grouper.add([brief("2", "化工厂 爆炸")], NOW)
    assert same is event
    _unharmed(grouper)


def test_all_at_one_second_from_one_source_is_labelled() -> None:
    grouper = _with_other()
    events = grouper.add([brief(str(n), "化工厂 爆炸") for n in range(30)], NOW)
    assert record(events[0], NOW).labels == ["one_source", "one_moment"]
    _unharmed(grouper)


def test_one_text_again_and_again_is_one_document() -> None:
    grouper = _with_other()
    first = content_id("thing", "0")
    for at in range(0, 20_000, 1000):
        copies = [brief(str(n), "化工厂 爆炸", cluster_id=first) for n in range(at, at + 1000)]
        (event,) = grouper.add(copies, NOW)
    assert event.items == 20_000 and event.documents == 1
    assert "one_text" in record(event, NOW).labels and len(grouper) == 2
    _unharmed(grouper)


def test_empty_texts_stay_apart_and_have_a_name() -> None:
    grouper = _with_other()
    events = grouper.add([brief(str(n), "", title="", content="") for n in range(5)], NOW)
    assert len(events) == 5 and record(events[0], NOW).title == "（无文字）"
    _unharmed(grouper)


def test_marks_surrogates_and_strange_letters_are_no_terms() -> None:
    grouper = _with_other()
    texts = ["\ud800\ud800", "！！！？？", "🙂🙂🙂🙂", "\u200b" * 50, "א" * 200]
    events = grouper.add(
        [brief(str(n), "", title=text, content=text) for n, text in enumerate(texts)], NOW
    )
    assert len(events) == 5
    _unharmed(grouper)


def test_a_source_that_floods_pushes_out_its_own_events() -> None:
    grouper = _with_other()
    for n in range(2_000):
        words = f"{chr(0x4E00 + n)}{chr(0x5E00 + n)}{chr(0x6E00 + n)}{chr(0x7E00 + n)}"
        grouper.add([brief(str(n), words, source="洪水")], NOW)
    assert len(grouper) <= 100
    _unharmed(grouper)


def test_a_clock_that_stands_or_goes_back_loses_nothing() -> None:
    grouper = _with_other()
    for n in range(50):
        when = NOW - timedelta(minutes=n)
        grouper.add([brief(str(n), "化工厂 爆炸", published_at=when)], when)
        grouper.expire(when, timedelta(days=7))
    assert len(grouper) == 2
    _unharmed(grouper)


def test_first_hours_are_bounded() -> None:
    hours = FirstHours(posts=10, replies=50)
    for n in range(100):
        hours.add(brief(f"p{n}", channel="weibo"), f"e{n}", NOW)
        root = content_id("thing", f"p{n}")
        for m in range(20):
            hours.add(brief(f"r{n}.{m}", root_id=root, parent_id=root), f"e{n}", NOW)
    assert len(hours) <= 10 and hours._replies <= 50
