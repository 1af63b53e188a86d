from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from console.search import Filters, query
from console.search_counts import _merged, narrowed, over_time
from console.search_export import cell
from console.search_language import And, Field, Not, Or, QueryError, Word, parse
from console.search_names import search_names
from infra.settings import PROJECT
from models.synonyms import load_synonyms
from models.words import cutter
from schemas.errors import UserError

NAMES, CUTTER = search_names(PROJECT / "config"), cutter()


def asked(text: str) -> dict[str, list[dict]]:  # type: ignore[type-arg]
    return query(text, Filters(), CUTTER, NAMES)["bool"]  # type: ignore[no-any-return]


def test_or_binds_less_than_what_stands_together() -> None:
    assert parse("a b OR c") == Or((And((Word("a"), Word("b"))), Word("c")))
    assert parse("a AND (b | c)") == And((Word("a"), Or((Word("b"), Word("c")))))
    assert parse("（甲 或 乙） -“丙 丁”") == And(
        (Or((Word("甲"), Word("乙"))), Not(Word("丙 丁", exact=True)))
    )
    assert parse("-级别:重大") == Not(Field("级别", "重大", 1))
    assert parse("  ") is None and parse('""') is None


def test_what_is_no_field_is_a_word() -> None:
    assert parse("12:30 http://a.cn/x 拉-闸") == And(
        (Word("12:30"), Word("http://a.cn/x"), Word("拉-闸"))
    )


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [('电价 "上涨', 3, "引号"), ("(a b", 0, "左括号"), ("a )", 2, "右括号"),
     ("a OR", 4, "没有写完"),
     ("OR a", 0, "前面缺"), ("x nofield:y", 2, "没有字段"), ("级别:天大", 0, "特别重大"),
     ("a 渠道:电报", 2, "论坛"), ("时间:2026-02-30", 0, "没有这个日期"),
     ("时间:昨天", 0, "2026-01"), ("时间:2026-02..2026-01", 0, "之后"),
     ("渠道:", 0, "没有内容"), ("-(" * 30 + "a", 21, "层"),
     ("a " * 100, 0, "64"), ("长" * 501, 500, "500"), ("NOT " * 60 + "a", 84, "层")],
)  # fmt: skip
def test_a_broken_query_is_told_with_its_place(text: str, at: int, why: str) -> None:
    with pytest.raises(QueryError, match=why) as caught:
        asked(text)
    assert caught.value.at == at and f"第 {at + 1} 个字" in str(caught.value)


def test_a_source_is_found_by_its_name_and_by_its_title() -> None:
    by_title = {"terms": {"source": ["国是时报", "demo-gssb"]}}
    assert asked("来源:国是时报")["filter"] == [by_title]
    assert asked("source:demo-gssb")["filter"] == [{"terms": {"source": ["demo-gssb"]}}]
    (either,) = asked("发布者:国是时报")["filter"]
    assert by_title in either["bool"]["should"]


def test_values_have_chinese_names() -> None:
    assert asked("级别:>=较大")["filter"] == [{"terms": {"severity.level": ["III", "II", "I"]}}]
    (grave,) = asked("level:II")["filter"]
    assert asked("级别:橙色")["filter"] == asked("级别:重大")["filter"] == [grave]
    assert asked("渠道:论坛")["filter"] == [{"term": {"channel": "forum"}}]
    assert asked("处室:能源处")["filter"] == [{"term": {"departments.id": "energy"}}]
    assert asked("态度:负面")["filter"] == [{"term": {"attitude.label": "negative"}}]
    places = asked("地点:浙江")["filter"][0]["bool"]["should"]
    assert {"prefix": {"places.code": "33"}} in places


def test_dates_are_whole_days_in_beijing() -> None:
    (span,) = asked("时间:2026-02")["filter"]
    assert span["range"]["published_at"] == {
        "gte": "2026-02-01T00:00:00.000", "lte": "2026-02-28T23:59:59.999", "time_zone": "+08:00",
    }  # fmt: skip
    assert asked("date:7d")["filter"] == [{"range": {"published_at": {"gte": "now-7d"}}}]
    assert "lte" not in asked("date:2026-01-05..")["filter"][0]["range"]["published_at"]


def test_no_wildcard_reaches_elasticsearch() -> None:
    for text in ("*" * 400, "a*b?c~9", "/(.*)*/", "来源:*"):
        kinds = set(str(asked(text)).split("'"))
        assert not {"wildcard", "regexp", "query_string", "fuzzy"} & kinds


def test_a_narrowed_search_keeps_its_meaning() -> None:
    assert parse(narrowed("a OR b", "渠道", "news")) == And(
        (Or((Word("a"), Word("b"))), Field("渠道", "news", 9))
    )
    assert parse(narrowed("", "来源", "甲 (乙)")) == Field("来源", "甲 (乙)", 0)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        " =cmd|'/c calc'!A0",
        "＝1",
        "\u3000=1",
        "\xad=1",
        "|=1",
        "，=1",
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


def test_a_cell_holds_what_excel_takes() -> None:
    assert cell("a\x00b\x07") == "ab" and len(cell("长" * 99_999)) < 32_767 and cell(None) == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [("groups:\n  - [停电, 断电]\n  - [停电, 失电]\n", 1), ("groups:\n  - [停电]\n", 2),
     ("groups:\n  - [停电, 断 电]\n", 2), ("group: []\n", 1)],
)  # fmt: skip
def test_a_wrong_line_of_synonyms_is_named(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "synonyms.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError, match=f"line {line}"):
        load_synonyms(path)


def test_bars_cover_every_item_once() -> None:
    days = [{"key": day * 86_400_000, "doc_count": day % 3} for day in (1, 2, 9, 400)]
    bars = _merged(days)
    assert len(bars) <= 60 and sum(count for _, _, count in bars) == 1 + 2 + 0 + 1
    assert all(one[1] == other[0] for one, other in pairwise(bars))
    assert bars[0][0].startswith("1970-01-02") and bars[-1][1] >= "1971-02-06"
    assert _merged(days[:1]) == [] and over_time({}, {}) == ""
