from __future__ import annotations

from console.text_difference import difference


def test_two_texts_differ_where_they_differ() -> None:
    found = difference("造成12人死亡，救援正在进行", "造成13人死亡，<b>救援正在进行")
    assert "造成<del>12</del>人死亡" in found.old and "造成<ins>13</ins>人死亡" in found.new
    assert "<b>" not in found.new and "&lt;b&gt;" in found.new
    assert 0.5 < found.same < 1
    assert "".join(each.new for each in found.stretches) == "造成13人死亡，<b>救援正在进行"
    assert next((s.old, s.new) for s in found.stretches if s.kind == "changed") == ("12", "13")
    equal = difference("同一句话", "同一句话")
    assert equal.same == 1 and "<" not in equal.old + equal.new


def test_of_two_long_texts_the_first_words_are_compared() -> None:
    found = difference("甲" * 30_000, "甲" * 2_000 + "乙" * 30_000)
    assert "<ins>" in found.new and found.new.endswith("乙")
    assert found.stretches[-1].kind == "rest"
