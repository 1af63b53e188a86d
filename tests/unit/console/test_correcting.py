from __future__ import annotations

from datetime import timedelta

import pytest

from console.correcting import KEPT, Allowed, correction, field_named, values_of
from models.corrected import changes, laid_over, said
from schemas.errors import UserError
from tests.builders import NOW

ALLOWED = Allowed(("safety", "prices"), ("duty",))
SOURCE = {
    "id": "a" * 32, "title": "标题", "text": "正文",
    "topics": [{"label": "safety", "confidence": 0.9, "evidence": ["爆炸"]}],
    "departments": [{"id": "duty", "evidence": []}],
    "attitude": {"label": "neutral", "positive": 0.0, "neutral": 1.0, "negative": 0.0},
    "places": [{"text": "杭州", "code": "330100", "candidates": []}],
    "severity": {"score": 50.0, "level": "II", "reasons": []},
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "given", "values"),
    [
        ("topic", ["prices", "safety", "prices"], ["prices", "safety"]),
        ("department", ["none"], ["none"]),
        ("attitude", ["negative"], ["negative"]),
        ("level", ["none"], ["none"]),
        ("place", ["浙江省杭州市"], ["330100"]),
        ("place", ["330102"], ["330102"]),
        ("event", ["http://x/events/" + "b" * 32], ["b" * 32]),
        ("topic", [""], []),
    ],
)
def test_what_a_form_says(field: str, given: list[str], values: list[str]) -> None:
    assert values_of(field_named(field), given, ALLOWED) == values


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("topic", ["nonsense"]), ("department", ["duty", "none"]), ("level", ["V"]),
        ("attitude", ["<script>"]), ("place", ["鼓楼区"]), ("place", ["火星"]),
        ("event", ["../x"]), ("topic", [f"t{n}" for n in range(9)]), ("title", ["x"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(field: str, given: list[str]) -> None:
    with pytest.raises(UserError):
        values_of(field_named(field), given, ALLOWED)


def test_a_document_is_as_people_said() -> None:
    def made(field: str, *values: str):  # type: ignore[no-untyped-def]
        return correction(None, SOURCE, field_named(field), list(values), "张三", "", NOW)

    shown = laid_over(SOURCE, [
        made("topic", "prices", "safety"), made("department", "none"), made("attitude", "negative"),
        made("place", "330102"), made("level", "IV"), made("event", "b" * 32),
    ])  # fmt: skip
    assert said(shown, "topic") == ["prices", "safety"] and said(shown, "department") == []
    assert shown["topics"][1]["evidence"] == ["爆炸"]
    assert shown["attitude"]["negative"] == 1.0 and said(shown, "place") == ["330102"]
    assert shown["severity"]["level"] == "IV" and shown["severity"]["score"] == 50.0
    assert laid_over(shown, [made("level", "IV")]) == shown
    assert said(SOURCE, "level") == ["II"], "the document given is left as it is"


def test_an_answer_remembers_those_before_and_can_be_taken_back() -> None:
    first = correction(None, SOURCE, "level", ["I"], "张三", "有伤亡", NOW)
    second = correction(first, laid_over(SOURCE, [first]), "level", [], "李四", "", NOW)
    assert first.old == second.old == ["II"] and second.text == "正文"
    assert [(s.actor, s.values, s.note) for s in second.history] == [("张三", ["I"], "有伤亡")]
    assert changes(laid_over(SOURCE, [first]), [second])["severity"]["level"] == "II"
    many = first
    for n in range(50):
        many = correction(many, SOURCE, "level", ["I"], "张三", "", NOW + timedelta(minutes=n))
    assert len(many.history) == KEPT
