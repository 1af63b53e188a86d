"""What analysts decide of events holds: for what is there, and for what comes."""

from __future__ import annotations

from datetime import timedelta

from models.event_decisions import decide, split_id
from models.event_record import record
from models.events import EventGrouper
from schemas.base import content_id
from schemas.opinion import EventDecision
from tests.builders import NOW, brief

FIRE = "化工厂 爆炸 救援"
PRICE = "电价 上涨 居民"


def _decision(action: str, event: str, **fields: object) -> EventDecision:
    return EventDecision(
        id=content_id(action, event), action=action, event=event, at=NOW, actor="分析员", **fields
    )  # type: ignore[arg-type]


def _two() -> tuple[EventGrouper, str, str]:
    grouper = EventGrouper()
    one, two = grouper.add([brief("1", FIRE), brief("2", PRICE)], NOW)
    return grouper, one.id, two.id


def test_merged_events_are_one_for_what_comes_too() -> None:
    grouper, one, two = _two()
    kept, gone = decide(grouper, _decision("merge", one, other=two), NOW)
    assert kept.items == 2 and record(gone, NOW).merged_into == one
    assert [change.action for change in record(kept, NOW).history] == ["merged"]
    (event,) = grouper.add([brief("3", PRICE)], NOW)
    assert event.id == one and event.items == 3 and len(grouper) == 1
    assert grouper.event_of(content_id("thing", "2")) == one


def test_a_merge_of_an_event_that_is_not_live_holds_when_it_comes_back() -> None:
    grouper, one, two = _two()
    grouper.expire(NOW + timedelta(days=9), timedelta(days=7))
    assert decide(grouper, _decision("merge", one, other=two), NOW) == []
    (event,) = grouper.add([brief("2", PRICE, id=content_id("v2"))], NOW)
    assert event.id == one


def test_split_items_stay_apart_and_counts_move_with_them() -> None:
    grouper = EventGrouper()
    items = [brief(str(n), FIRE, channel="weibo" if n else "news") for n in range(4)]
    (event,) = grouper.add(items, NOW)[-1:]
    new = split_id(event.id, items[3].origin_id)
    left, made = decide(grouper, _decision("split", event.id, other=new, briefs=items[3:]), NOW)
    assert (left.items, made.items) == (3, 1) and made.id == new
    assert record(left, NOW).channels[0].count == 2  # weibo: one of three has left
    assert grouper.event_of(items[3].origin_id) == new
    grouper.add([brief(f"more{n}", FIRE) for n in range(40)], NOW)
    assert new in grouper.live and event.id in grouper.live  # alike as they are
    (reply,) = grouper.add([brief("r", "嗯", root_id=items[3].origin_id)], NOW)
    assert reply.id == new


def test_a_name_holds_and_stops_mergers() -> None:
    grouper, one, _ = _two()
    (event,) = decide(grouper, _decision("rename", one, title="河西化工厂事故"), NOW)
    assert record(event, NOW).title == "河西化工厂事故"
    grouper.add([brief("3", FIRE, score=90.0, title="化工厂爆炸救援现场直击")], NOW)
    assert record(event, NOW).title == "河西化工厂事故"


def test_a_decision_told_twice_changes_nothing_more() -> None:
    for action, fields in (("merge", {}), ("rename", {"title": "某事"})):
        grouper, one, two = _two()
        decision = _decision(action, one, **({"other": two} | fields))
        decide(grouper, decision, NOW)
        before = [record(event, NOW) for event in grouper.live.values()]
        assert decide(grouper, decision, NOW) == []
        assert [record(event, NOW) for event in grouper.live.values()] == before


def test_the_same_order_gives_the_same_events() -> None:
    seen = []
    for _ in range(2):
        grouper = EventGrouper()
        briefs = [brief(str(n), f"词{n % 9}语{n % 9}句{n % 9} 事{n % 4}") for n in range(90)]
        first, *_ = grouper.add(briefs[:50], NOW)
        decide(grouper, _decision("rename", first.id, title="某事"), NOW)
        grouper.add(briefs[50:], NOW + timedelta(hours=1))
        seen.append([record(event, NOW) for event in grouper.live.values()])
    assert seen[0] == seen[1]
