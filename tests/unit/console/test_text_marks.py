from __future__ import annotations

from console.text_marks import SHOWN, Mark, annotated


def test_words_are_marked_and_nothing_else_becomes_markup() -> None:
    marks = [Mark("爆炸", "topic", "主题"), Mark("化工厂爆炸", "reason", '"><script>')]
    shown = annotated("<b>化工厂爆炸</b>，爆炸", marks)
    assert shown.startswith('&lt;b&gt;<mark class="mark-reason"')
    assert "<script>" not in shown and shown.count("</mark>") == 2
    assert annotated("a.b", [Mark(".", "x", "")]) == 'a<mark class="mark-x" title="">.</mark>b'
    assert annotated("<i>", []) == "&lt;i&gt;" and annotated("字", [Mark(" ", "x", "")]) == "字"


def test_a_text_is_bounded() -> None:
    assert len(annotated("字" * 200_000, [])) == SHOWN
