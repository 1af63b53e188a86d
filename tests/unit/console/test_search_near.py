from __future__ import annotations

import pytest

from console.search_clauses import Clauses
from console.search_language import parse
from console.search_near import least, near
from console.search_query import PLAIN, Filters, query, wider
from models.words import cutter

CUTTER = cutter()
CLAUSES = Clauses(CUTTER, PLAIN)


def close(text: str) -> dict[str, list[dict]] | None:  # type: ignore[type-arg]
    node = parse(text)
    assert node is not None
    found = near(node, CLAUSES)
    return found["bool"] if found else None


@pytest.mark.parametrize(
    "text", ["电价", '"电价 上涨"', "电价 AND 上涨", "(电价 且 上涨) 渠道:forum", "电价 OR 上涨",
             "渠道:forum", "-电价"],
)  # fmt: skip
def test_what_was_said_exactly_has_nothing_close(text: str) -> None:
    assert close(text) is None


@pytest.mark.parametrize("text", ["电价 上涨 -辟谣 渠道:forum", "(电价 上涨 -辟谣) 渠道:forum"])
def test_fields_and_negations_stay_and_some_of_the_words_will_do(text: str) -> None:
    found = close(text)
    assert found and len(found["filter"]) == len(found["must_not"]) == 1
    (some,) = found["must"]
    assert len(some["bool"]["should"]) == 2 and some["bool"]["minimum_should_match"] == 1


def test_a_phrase_beside_words_must_be_there() -> None:
    found = close('电价 上涨 "听证会"')
    assert found and len(found["must"]) == 2


def test_of_many_words_more_must_be_there() -> None:
    assert [least(count) for count in (1, 2, 4, 5, 10)] == [1, 1, 1, 2, 4]


def test_a_long_word_is_also_found_by_its_pairs() -> None:
    asked = str(close("化工厂"))
    assert "化工" in asked and "工厂" in asked
    assert close("abcdefg hij") and "'bc'" not in str(close("abcdefg hij"))


def test_words_of_a_question_are_not_searched_unless_there_is_nothing_else() -> None:
    assert CLAUSES.words("为什么电费这么高") == ["电费", "高"]
    assert CLAUSES.words("为什么") == ["为什么"]


def test_filters_hold_for_what_comes_close() -> None:
    filters = Filters(channel="news", seen=({"term": {"departments.id": "energy"}},))
    asked = query("电价 上涨", filters, CUTTER)
    found = wider("电价 上涨", filters, CUTTER, PLAIN, asked)
    assert found and len(found["bool"]["filter"]) == 2
    assert wider("电价", filters, CUTTER, PLAIN, query("电价", filters, CUTTER)) is None
