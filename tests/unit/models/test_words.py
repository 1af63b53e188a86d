from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rjieba import Jieba

from models.textpass import text_pass
from models.words import Cutter, cutter
from schemas.errors import UserError

SENTENCES = [
    "昨日上午，我市召开经济运行分析会，通报一季度投资项目进展情况。",
    "小区已经连续三天停电，打电话投诉没有人管，希望有关部门尽快处理！",
    "请问今年居民阶梯电价什么时候调整，标准是多少？",
    "网传自来水有异味，环保部门回应称正在检测，结果将及时公布。",
    "受持续暴雨影响，多地发生内涝，部分公交线路临时停运",
    "菜价比上个月涨了不少，猪肉每斤贵了三块钱，工资却没有变化",
    "王小明和欧阳娜娜在杭州萧山钱江世纪城买了房",
    "5G手机卖2.5万元，iPhone15跌了三成",
    "あいう 한국어 кириллица ñandú 混在一起",
    "囧rz 𠮷野家 龘龘",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_the_words_are_those_of_jieba(text: str) -> None:
    batch = text_pass([text])
    theirs = [word for word in Jieba().cut(batch.joined) if word[0].isalnum()]
    assert cutter().cut_pass(batch).texts[0].split() == theirs


def test_words_of_the_operator_are_kept_whole(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("钱江世纪城 5000\n", "utf-8")
    text = "他住在钱江世纪城附近"
    assert "钱江世纪城" not in cutter().cut_batch([text])[0].split()
    assert "钱江世纪城" in Cutter(tmp_path / "own.txt").cut_batch([text])[0].split()


def test_a_wrong_line_of_the_dictionary_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("电价 100\n电 价 多 了\n", "utf-8")
    with pytest.raises(UserError, match="line 2"):
        Cutter(tmp_path / "own.txt")


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_text_gives_all_its_letters_and_nothing_else(texts: list[str]) -> None:
    cut = cutter().cut_pass(text_pass(texts))
    assert len(cut.texts) == len(texts)
    for text, words in zip(cut.batch.texts, cut.texts, strict=True):
        kept = "".join(words.split(" "))
        left = iter(text)
        assert all(character in left for character in kept)  # in the same order
        assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


def test_words_at_the_head_of_each_text() -> None:
    words = cutter().cut_pass(text_pass(["电价上涨居民不满", "", "停电"])).first(3)
    assert words.texts == ["电价 上涨", "", "停电"]
