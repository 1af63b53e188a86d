"""Watch topics: what a query says of a text, in any script, and what is no query."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.severity_file import Levels
from models.textpass import text_pass
from models.watch import Watch, Watches, load_file
from models.watch_query import parse
from models.watch_severity import lifted
from schemas.analysis import Severity
from schemas.errors import UserError


def _matches(query: str, text: str) -> bool:
    return bool(Watches([Watch(id="one", name="一", query=query)]).match(text_pass([text]))[0])


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("电价 上涨", "本月电价又上涨了", True),
        ("电价 上涨", "本月电价没变", False),
        ("电价 OR 水价", "水价听证会", True),
        ("电价 | 水价", "气价听证会", False),
        ("停电 -演练", "全县停电演练", False),
        ("停电 NOT 演练", "昨夜停电三小时", True),
        ('"拉闸限电"', "拉闸限电又来了", True),
        ("“拉闸限电”", "拉闸后限电", False),
        ("(电价 OR 电费) AND 投诉", "电费太高要投诉", True),
        ("电价 OR 电费 投诉", "电价公示", True),  # side by side binds first
        ("化工厂 NEAR/10 爆炸", "化工厂今早发生爆炸", True),
        ("化工厂 NEAR/10 爆炸", "化工厂的甲乙丙丁戊己庚辛壬癸子丑寅卯爆炸", False),
        ("電價", "电价上涨", True),
        ("电价", "電價上漲", True),
        ("ＰＰＰ项目", "ppp项目停工", True),
        ("停电 -(演练 OR 计划)", "停电计划公告", False),
        ("电价 或 水价", "水价听证会", True),
        ("停电 非 演练", "全县停电演练", False),
        ("电价 且 上涨", "本月电价没变", False),
        ('"级别:重大"', "公告称级别:重大", True),
        ("https://example.org/停电", "见https://example.org/停电", True),
    ],
)
def test_a_query_says_of_a_text(query: str, text: str, expected: bool) -> None:
    assert _matches(query, text) is expected


NO_QUERIES = [
    "", "   ", "-演练", "NOT 演练", "电", "(电价", "电价)", '"电价', "电价 OR", "NEAR/5 电价",
    "(电价 OR 水价) NEAR/5 投诉", "电价 OR -水价", "(" * 30 + "电价" + ")" * 30,
    "电价" * 300, "级别:重大 停电", "停电 level:I",  # a search's fields would never be found
]  # fmt: skip


@pytest.mark.parametrize("query", NO_QUERIES)
def test_what_is_no_query_is_refused(query: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(query)


@given(st.text(alphabet='电价停 ()"-|ORANDT/5', max_size=60))
def test_any_text_is_a_query_or_refused(query: str) -> None:
    try:
        assert not parse(query).true({})
    except ValueError:
        pass


def test_one_pass_tells_many_watches_apart() -> None:
    watches = Watches([
        Watch(id="power", name="电", query="停电 OR 限电"),
        Watch(id="water", name="水", query="停水"),
        Watch(id="both", name="水电", query="停电 停水"),
    ])  # fmt: skip
    found = watches.match(text_pass(["停电了", "停水停电", "天气好", "停水"]))
    assert [[watch.id for watch in each] for each in found] == [
        ["power"], ["power", "water", "both"], [], ["water"],
    ]  # fmt: skip
    assert Watches().match(text_pass(["停电"])) == [[]]


def test_a_level_lifts_and_says_why() -> None:
    levels = Levels(I=85, II=65, III=45, IV=25)
    watch = Watch(id="power", name="停电", query="停电", level="III")
    marked = Watch(id="only", name="标记", query="停电")
    after = lifted(Severity(score=30, level="IV"), [marked, watch], levels)
    assert (after.level, after.score) == ("III", 45)
    assert after.reasons[-1].rule == "watch-power" and after.reasons[-1].points == 15
    grave = Severity(score=90, level="I")
    assert lifted(grave, [watch], levels) is grave and lifted(grave, [marked], levels) is grave


def test_the_file_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "watch.yaml"
    file.write_text("watches:\n  - id: one\n    name: 一\n    query: (电价\n", "utf-8")
    with pytest.raises(UserError, match=r"line 4.*左括号没有对应的右括号"):
        load_file(file)
    one = "  - {id: one, name: 一, query: 电价}\n"
    file.write_text(f"watches:\n{one}{one}", "utf-8")
    with pytest.raises(UserError, match="used twice"):
        load_file(file)
    assert load_file(tmp_path / "none.yaml") == ()
