"""Views: groups of what people say, weighted by how often it was said."""

from __future__ import annotations

from models.views import Statement, views


def said(key: str, words: str, attitude: str = "negative", weight: int = 1) -> Statement:
    return Statement(key, words.replace(" ", ""), words, attitude, weight)


DEAR = [said("a", "电费 太贵 承受 不起"), said("b", "电费 太贵 老百姓 承受 不起"),
        said("c", "太贵 承受 不起", weight=5)]  # fmt: skip
FAST = [said("d", "抢修 师傅 辛苦 点赞", "positive"), said("e", "师傅 辛苦 点赞", "positive")]
ALONE = said("f", "天气 不错 出门 散步", "neutral")


def test_groups_come_with_their_shares_the_largest_first() -> None:
    first, second = views([*DEAR, ALONE, *FAST])
    assert {first.quote.id} <= {"a", "b", "c"} and first.statements == 3
    assert first.share == 7 / 10 and first.attitude == "negative"
    assert second.quote.id in ("d", "e") and second.attitude == "positive"
    assert second.share == 2 / 10 and "师傅" in second.words


def test_one_voice_is_no_view() -> None:
    assert views([]) == [] == views([ALONE])
    assert views([ALONE, DEAR[0]]) == []


def test_texts_without_a_word_make_no_view() -> None:
    assert views([said(str(n), "顶 啊") for n in range(30)]) == []
    assert views([said(str(n), "") for n in range(3)]) == []


def test_the_same_statements_in_another_order_are_the_same_views() -> None:
    one, other = views([*DEAR, *FAST]), views([*FAST[::-1], *DEAR[::-1]])
    assert [view.share for view in one] == [view.share for view in other]
