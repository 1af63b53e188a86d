"""Items about one matter become one event; unlike ones stay apart; nothing is counted twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from models.event_groups import EventGroups
from models.event_record import record
from models.events import EventGrouper
from models.severity_rules import load
from models.signals import EventScorer
from schemas.base import content_id
from schemas.opinion import OpinionBatch
from tests.builders import NOW, brief


def _origin(key: str) -> str:
    return content_id("thing", key)


def test_items_that_share_their_words_join() -> None:
    grouper = EventGrouper()
    grouper.add([brief("1", "化工厂 爆炸 河西县 救援")], NOW)
    (event,) = grouper.add([brief("2", "河西县 化工厂 爆炸 伤亡")], NOW)
    assert event.items == 2 and len(grouper) == 1


def test_one_shared_word_is_not_enough() -> None:
    grouper = EventGrouper()
    grouper.add([brief("1", "化工厂 爆炸 河西"), brief("2", "河西 春耕 现场会")], NOW)
    assert len(grouper) == 2


def test_far_apart_in_time_they_are_two_matters() -> None:
    grouper = EventGrouper()
    old = brief("1", "化工厂 爆炸 河西县", published_at=NOW - timedelta(days=30))
    grouper.add([old, brief("2", "化工厂 爆炸 河西县")], NOW)
    assert len(grouper) == 2


def test_answers_and_copies_join_whatever_they_say() -> None:
    grouper = EventGrouper()
    first = brief("1", "电价 上涨")
    reply = brief("2", "呵呵", root_id=_origin("1"), parent_id=_origin("1"))
    copy = brief("3", "电费 贵", cluster_id=_origin("1"))
    (event,) = grouper.add([first, reply, copy], NOW)
    assert event.items == 3 and event.documents == 2


def test_an_answer_before_its_root_waits_for_it() -> None:
    grouper = EventGrouper()
    grouper.add([brief("2", "呵呵 真", root_id=_origin("1"), parent_id=_origin("1"))], NOW)
    (event,) = grouper.add([brief("1", "电价 上涨")], NOW)
    assert event.items == 2 and event.id == content_id("event", _origin("1"))


def test_what_an_answer_copied_takes_no_thread_along() -> None:
    grouper = EventGrouper()
    grouper.add([brief("1", "电价 上涨"), brief("2", "顶 支持", root_id=_origin("1"))], NOW)
    same = brief("3", "顶 支持", root_id=_origin("9"), cluster_id=_origin("2"))
    later = brief("4", "楼上 说得对", root_id=_origin("9"), parent_id=_origin("3"))
    events = grouper.add([same, later], NOW)
    assert [event.id for event in events] == [content_id("event", _origin("9"))]
    assert events[0].items == 2 and list(events[0].things) == [_origin("9")]


def test_a_reply_that_is_moved_takes_neither_its_thread_nor_the_text_that_it_copied() -> None:
    grouper = EventGrouper()
    post, copied = brief("1", "电价 上涨"), brief("2", "停水 通知")
    reply = brief("3", "停水 通知", root_id=_origin("1"), cluster_id=_origin("2"))
    grouper.add([post, copied, reply], NOW)
    new = grouper.own("new", "s", NOW)
    grouper.move(reply, new, NOW)
    assert new.items == 1 and list(new.things) == [_origin("3")]
    old = grouper.live[content_id("event", _origin("1"))]
    assert old.items == 1 and list(old.parted) == [_origin("3")]
    assert grouper.event_of(_origin("1")) == content_id("event", _origin("1"))
    assert grouper.event_of(_origin("2")) == content_id("event", _origin("2"))
    first, second = (
        brief("4", "我家 也是", root_id=_origin("1")),
        brief("5", "在哪", root_id=_origin("2")),
    )
    assert [event.id for event in grouper.add([first], NOW)] == [content_id("event", _origin("1"))]
    assert [event.id for event in grouper.add([second], NOW)] == [content_id("event", _origin("2"))]


def test_a_reply_that_comes_back_or_is_merged_back_is_no_longer_apart() -> None:
    grouper = EventGrouper()
    reply = brief("2", "呵呵", root_id=_origin("1"))
    (old,) = grouper.add([brief("1", "电价 上涨"), reply], NOW)
    new = grouper.own("new", "s", NOW)
    grouper.move(reply, new, NOW)
    grouper.move(reply, old, NOW)
    assert not old.parted and old.items == 2 and new.items == 0 and not new.things
    assert not new.parted  # or a merge of the two would leave out what is counted
    for again in ("new", "newer"):
        apart = grouper.own(again, "s", NOW)
        grouper.move(reply, apart, NOW)
        assert list(old.parted) == [_origin("2")]
        grouper.merge(old, apart, "张三", "", NOW)
        assert not old.parted and old.items == 2 and list(old.things) == [_origin("1")]


def test_a_thread_whose_event_has_ended_goes_on_in_one_event() -> None:
    grouper = EventGrouper()
    grouper.add([brief("1", "电价 上涨"), brief("2", "呵呵", root_id=_origin("1"))], NOW)
    late = NOW + timedelta(days=30)
    grouper.expire(late, timedelta(days=7))
    told = grouper.add([brief("3", "又涨", root_id=_origin("1")),
                        brief("4", "是的", root_id=_origin("1"))], late)  # fmt: skip
    assert len({event.id for event in told}) == 1 and told[0].items == 2
    assert grouper.event_of(_origin("1")) == told[0].id


def test_a_thread_stays_together_where_only_an_answer_was_known() -> None:
    grouper = EventGrouper()
    grouper.add([brief("1", "电价 上涨")], NOW)
    answer = brief("2", "呵呵", root_id=_origin("9"), parent_id=_origin("1"))
    (event,) = grouper.add([answer, brief("3", "哈哈", root_id=_origin("9"))], NOW)
    assert event.items == 3


def test_a_text_stays_together_where_a_copy_comes_before_what_it_copied() -> None:
    grouper = EventGrouper()
    grouper.add([brief("1", "化工厂 爆炸 漳源 事故 伤亡")], NOW)
    copy = brief("3", "化工厂 爆炸 漳源 事故 救援", cluster_id=_origin("2"))
    (event,) = grouper.add([copy], NOW)
    assert event.items == 2  # found by what it says
    head = brief("2", "发布会 通报 停产 整顿 进展")
    (same,) = grouper.add([head], NOW)
    assert same.id == event.id and same.items == 3


def test_an_item_sent_again_is_counted_once_and_a_new_version_too() -> None:
    grouper = EventGrouper()
    item = brief("1", "电价 上涨")
    grouper.add([item], NOW)
    assert grouper.add([item], NOW) == []
    (event,) = grouper.add([brief("1", "电价 上涨 更正", id=content_id("v2"))], NOW)
    assert event.items == 1


def test_the_number_of_live_events_is_bounded() -> None:
    grouper = EventGrouper(max_events=10)
    grouper.add([brief(str(n), f"词{n} 语{n}") for n in range(50)], NOW)
    assert len(grouper) == 10


def test_an_event_that_took_in_another_is_not_the_oldest() -> None:
    grouper = EventGrouper(max_events=3)
    words = ("化工厂 爆炸 河西县", "电价 上涨 居民", "学校 停课 通知")
    one, two, three = grouper.add([brief(str(n), w) for n, w in enumerate(words)], NOW)
    grouper.merge(one, three, "somebody", "", NOW)
    grouper.add([brief("8", "地铁 延误 乘客"), brief("9", "水库 泄洪 村民")], NOW)
    assert one.id in grouper.live and two.id not in grouper.live


def test_idle_events_are_let_go() -> None:
    grouper = EventGrouper()
    grouper.add([brief("1", "电价 上涨")], NOW)
    grouper.expire(NOW + timedelta(days=8), timedelta(days=7))
    assert len(grouper) == 0


def test_the_same_input_gives_the_same_events_in_any_batching() -> None:
    briefs = [brief(str(n), f"词{n % 7} 语{n % 7} 事{n % 3}") for n in range(60)]
    whole, parts = EventGrouper(), EventGrouper()
    whole.add(briefs, NOW)
    for start in range(0, 60, 7):
        parts.add(briefs[start : start + 7], NOW)
    one, two = ([record(e, NOW) for e in g.live.values()] for g in (whole, parts))
    assert one == two


def test_the_record_tells_the_numbers() -> None:
    groups = EventGroups(EventScorer(load(Path("config/severity.yaml"))), None)
    items = [
        brief(str(n), "化工厂 爆炸 河西县", channel="weibo", attitude="negative",
              published_at=NOW + timedelta(minutes=n), places=["130400"])
        for n in range(6)
    ]  # fmt: skip
    (event,) = groups.apply(OpinionBatch(briefs=items), NOW, timedelta(days=7))
    told = record(event, NOW)
    assert told.items == 6 and told.channels[0].label == "weibo"
    assert told.places == ["130400"] and told.phase == "outbreak"
    assert told.first_at == NOW and told.last_at == NOW + timedelta(minutes=5)
    assert set(told.keywords) == {"化工厂", "爆炸", "河西县"}


def test_an_official_denial_after_the_claim_is_kept_with_the_event() -> None:
    grouper = EventGrouper()
    words = "自来水 污染 漳河"
    said = brief("1", words, signs=["unsourced"])
    (event,) = grouper.add([said, brief("2", words, signs=["denied"])], NOW)
    assert record(event, NOW).denials == []  # anybody may call a thing false
    official = brief("3", words, signs=["denied"], tier="city", source="市政府")
    (event,) = grouper.add([official], NOW)
    assert [each.source for each in record(event, NOW).denials] == ["市政府"]
