"""Severity: the example texts, the floors, the reasons, the file's errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from models.casualties import Harm, harms
from models.reloading import Reloading
from models.severity import Facts, at_least, score, score_event
from models.severity_rules import Rules, load
from schemas.analysis import Severity
from schemas.errors import UserError

ROOT = Path(__file__).parents[3]
CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "severity_cases.yaml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load(ROOT / "config" / "severity.yaml")


def judge(rules: Rules, text: str, **facts: Any) -> Severity:
    facts = {k: tuple(v) if isinstance(v, list) else v for k, v in facts.items()}
    return score([Facts(harm=harms([text])[0], **facts)], [text], rules)[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:16])
def test_example_texts(rules: Rules, case: dict[str, Any]) -> None:
    facts = {k: v for k, v in case.items() if k not in ("text", "level")}
    got = judge(rules, case["text"], **facts)
    assert got.level == case["level"], got.reasons
    assert sum(reason.points for reason in got.reasons) == pytest.approx(got.score, abs=0.02)


@pytest.mark.parametrize(
    ("harm", "level"),
    [
        (Harm(deaths=30), "I"), (Harm(deaths=29), "II"), (Harm(deaths=10), "II"),
        (Harm(deaths=9), "III"), (Harm(deaths=3), "III"), (Harm(deaths=2), "IV"),
        (Harm(serious=100), "I"), (Harm(serious=50), "II"), (Harm(serious=10), "III"),
        (Harm(serious=9), "IV"), (Harm(loss_yuan=100_000_000), "I"),
        (Harm(loss_yuan=50_000_000), "II"), (Harm(loss_yuan=10_000_000), "III"),
        (Harm(loss_yuan=9_999_999), "IV"), (Harm(deaths=0, serious=0), "none"),
    ],
)  # fmt: skip
def test_accident_grades_are_floors(rules: Rules, harm: Harm, level: str) -> None:
    assert score([Facts(harm=harm)], ["情况通报"], rules)[0].level == level


def test_a_topic_and_reach_alone_raise_nothing(rules: Rules) -> None:
    facts = Facts(
        topics=("price",), departments=("price",), tier="central", views=10**8, copies=999,
        reposts=10**6, per_hour=999, followers=10**7,
    )  # fmt: skip
    got = score([facts], ["电价政策解读"], rules)[0]
    assert (got.score, got.level) == (0, "none")


def test_a_batch_is_judged_item_by_item(rules: Rules) -> None:
    texts = ["工厂爆炸", "", "天气很好", "工厂爆炸"]
    got = score([Facts()] * 4, texts, rules)
    assert [s.score for s in got] == [26, 0, 0, 26]


def test_an_event_carries_the_words_of_its_items(rules: Rules) -> None:
    item = judge(rules, "商场爆炸，企业瞒报，3人死亡")
    event = Facts(harm=Harm(deaths=3), copies=300, per_hour=300, tier="central")
    got = score_event(event, item.reasons, rules)
    assert got.level == "I"
    assert {"disaster", "handled-badly"} <= {reason.rule for reason in got.reasons}


def test_an_event_of_drills_has_no_floor(rules: Rules) -> None:
    item = judge(rules, "应急演练，模拟爆炸造成3人死亡")
    assert score_event(Facts(harm=Harm(deaths=3)), item.reasons, rules).level == "none"


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("kind: attitude, label: negative", "kind: mood, label: negative", "negative", "mood"),
        ("label: negative, points: 10", "label: negative, points: 1000", "negative", "100"),
        ("points: 26\n", "points: 26\n    patterns: ['(爆炸']\n", "patterns", "bad pattern"),
        ("levels: {I: 85, II: 65", "levels: {I: 60, II: 65", "levels", "rise"),
        ("version: 1", "version: 1\ncolour: red", "colour", "Extra"),
        ("{id: ill, name: 患病中毒人数, kind", "{id: missing, name: 失踪人数, kind", "", "twice"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    tmp_path: Path, before: str, after: str, line: str, said: str
) -> None:
    text = (ROOT / "config" / "severity.yaml").read_text("utf-8")
    assert before in text
    path = tmp_path / "severity.yaml"
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(UserError) as caught:
        load(path)
    message = str(caught.value)
    assert str(path) in message and ", line " in message and said in message
    if line:
        number = int(message.split(", line ")[1].split(":")[0])
        near = path.read_text("utf-8").splitlines()[number - 1 : number + 3]
        assert any(line in text or said in text for text in near), message


def test_a_broken_reload_keeps_the_old_rules_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "severity.yaml"
    text = (ROOT / "config" / "severity.yaml").read_text("utf-8")
    path.write_text(text, "utf-8")
    told: list[UserError | None] = []
    reloading = Reloading(path, load, told.append)
    first = reloading.current()
    assert reloading.current() is first and told == []
    path.write_text("version: [", "utf-8")
    assert reloading.current() is first
    assert isinstance(told[0], UserError)
    assert reloading.current() is first and len(told) == 1  # told once, not at every look
    path.write_text(text.replace("IV: 25", "IV: 30"), "utf-8")
    assert reloading.current().file.levels.IV == 30
    assert told[1:] == [None]


def test_a_department_s_own_judgement_is_the_least(rules: Rules) -> None:
    calm = judge(rules, "道路养护计划公示。")
    raised = at_least(calm, "II", "部门报送", rules)
    assert raised.level == "II" and raised.reasons[-1].rule == "department_report"
    assert sum(reason.points for reason in raised.reasons) == pytest.approx(raised.score, abs=0.02)
    assert at_least(raised, "IV", "部门报送", rules) == raised
