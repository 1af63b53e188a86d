from __future__ import annotations

from console.text_marks import SHOWN, Mark, annotated, difference


def test_words_are_marked_and_nothing_else_becomes_markup() -> None:
    marks = [Mark("爆炸", "topic", "主题"), Mark("化工厂爆炸", "reason", '"><script>')]
    shown = annotated("<b>化工厂爆炸</b>，爆炸", marks)
    assert shown.startswith('&lt;b&gt;<mark class="mark-reason"')
    assert "<script>" not in shown and shown.count("</mark>") == 2
    assert annotated("a.b", [Mark(".", "x", "")]) == 'a<mark class="mark-x" title="">.</mark>b'
    assert annotated("<i>", []) == "&lt;i&gt;" and annotated("字", [Mark(" ", "x", "")]) == "字"


def test_a_text_is_bounded() -> None:
    assert len(annotated("字" * 200_000, [])) == SHOWN


def test_two_texts_differ_where_they_differ() -> None:
    found = difference("造成12人死亡，救援正在进行", "造成13人死亡，<b>救援正在进行")
    assert "造成<del>12</del>人死亡" in found.old and "造成<ins>13</ins>人死亡" in found.new
    assert "<b>" not in found.new and "&lt;b&gt;" in found.new
    assert 0.5 < found.same < 1
    equal = difference("同一句话", "同一句话")
    assert equal.same == 1 and "<" not in equal.old + equal.new


def test_of_two_long_texts_the_first_words_are_compared() -> None:
    found = difference("甲" * 30_000, "甲" * 2_000 + "乙" * 30_000)
    assert "<ins>" in found.new and found.new.endswith("乙")
