"""Subjects and their kind."""

from __future__ import annotations

import pytest

from models.subjects import is_bare_name, kind_of, subjects


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("警方", "organisation"), ("市卫生局", "organisation"), ("国家地震台网", "organisation"),
        ("市领导", "role"), ("农用车司机", "role"), ("张某", "role"), ("卫生局负责人", "role"),
        ("6人", "group"), ("20多名乘客", "group"), ("村民", "group"), ("学生们", "group"),
    ],
)  # fmt: skip
def test_kinds(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_subjects_of_a_report() -> None:
    (got,) = subjects(["事故造成6人死亡，市领导赶赴现场，农用车司机已被警方带走，警方正在调查。"])
    texts = [s.text for s in got]
    assert {"6人", "市领导", "警方"} <= set(texts)
    assert texts.count("警方") == 1


def test_a_complaint_names_bodies_from_the_dictionary_and_no_pronouns() -> None:
    (got,) = subjects(["小区又停电了，物业互相推诿，供电所电话打不通，我们很气愤。"])
    assert {"物业", "供电所"} <= {s.text for s in got}
    assert "我们" not in {s.text for s in got}


@pytest.mark.parametrize("text", ["张某", "宋雅君", "李某某", "王建国", "欧阳娜娜"])
def test_bare_names_are_told(text: str) -> None:
    assert is_bare_name(text)


@pytest.mark.parametrize(
    "text", ["警方", "司机", "高中生", "王局长", "市委书记李兵", "安监局", "6人", "方面"]
)
def test_roles_and_bodies_are_no_names(text: str) -> None:
    assert not is_bare_name(text)


def test_persons_who_are_only_named_are_left_out() -> None:
    (got,) = subjects(["昨天下午，王建国在事故中受伤，警方和消防官兵赶到现场救援，张某被送医。"])
    assert {"王建国", "张某"}.isdisjoint(s.text for s in got)
    assert "警方" in {s.text for s in got}


def test_words_for_people_where_the_tagger_found_nothing_at_all() -> None:
    assert subjects(["业主", "物业", "", "呵呵"]) is not None
