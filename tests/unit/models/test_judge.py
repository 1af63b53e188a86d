import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.judge import Judge, Judgement
from models.matcher import Matcher
from models.taxonomy import load_taxonomy
from models.textpass import text_pass
from models.topics import TopicModel
from models.words import Cutter, read_userdict
from schemas.errors import UserError

CONFIG = Path("config")
JUDGE = Judge(CONFIG)
CUTTER = Cutter(CONFIG / "userdict.txt")


def judge(*texts: str) -> Judgement:
    batch = text_pass(texts)
    return JUDGE.read(batch, CUTTER.cut_pass(batch))


def test_a_power_cut_is_the_energy_departments_and_a_complaint() -> None:
    found = judge("我们小区连续三天停电，打电话没人管，投诉也没有用，太气愤了！")
    assert found.topics[0][0].label == "energy"
    assert found.topics[0][0].evidence[0] == "停电"
    assert found.departments[0][0].id == "energy"
    assert found.acts == ["complaint"]
    assert found.attitudes[0].label == "negative"
    assert found.relevance[0] > 0.5


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("请问今年居民阶梯电价什么时候调整？", "question"),
        ("建议在人民路增加充电桩，希望尽快安排", "suggestion"),
        ("感谢供电所师傅，服务周到，为你们点赞", "praise"),
        ("昨日，省发展改革委召开新闻发布会，通报一季度经济运行情况。", "report"),
    ],
)
def test_acts(text: str, act: str) -> None:
    assert judge(text).acts == [act]


def test_a_text_about_nothing_here_is_other_and_nobodys() -> None:
    found = judge("今晚的月亮真圆，想家了")
    assert [topic.label for topic in found.topics[0]] == ["other"]
    assert found.departments == [[]]
    assert found.relevance[0] < 0.5


def test_signs_of_rumours_are_named() -> None:
    found = judge("网传自来水有毒，请大家紧急扩散！", "警方辟谣：该消息不属实")
    assert "unsourced" in found.rumours[0].signs and "urged-on" in found.rumours[0].signs
    assert found.rumours[1].signs == ["denied"]


def test_too_short_to_judge() -> None:
    found = judge("", "哦", "😀😀😀")
    assert [rumour.score for rumour in found.rumours] == [None] * 3
    assert found.attitudes[0].label == found.attitudes[2].label == "neutral"


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(st.characters(), max_size=30), max_size=4))
def test_any_text_is_judged_and_alone_as_in_a_batch(texts: list[str]) -> None:
    found = judge(*texts)
    assert [judge(text).topics[0] for text in texts] == found.topics
    assert len(found.acts) == len(found.rumours) == len(texts)


def test_words_are_found_wherever_they_stand_and_inside_others() -> None:
    matcher = Matcher(["电价", "阶梯电价", "abc"])
    found = matcher.find(text_pass(["阶梯电价", "电", "价ABC电价", ""]))
    assert list(zip(found.text.tolist(), found.word.tolist(), found.at.tolist(), strict=True)) == [
        (0, 1, 0),
        (0, 0, 2),
        (2, 2, 6),
        (2, 0, 9),
    ]


@given(st.lists(st.text("电价上涨", max_size=12), max_size=4))
def test_the_matcher_finds_what_a_search_finds(texts: list[str]) -> None:
    words = ["电价", "上涨", "电价上涨", "涨涨涨"]
    batch = text_pass(texts)
    found = Matcher(words).find(batch)
    expected = [
        (number, words.index(word))
        for number, text in enumerate(batch.texts)
        for at in range(len(text))
        for word in sorted(words, key=len)
        if text.startswith(word, at)
    ]
    assert list(zip(found.text.tolist(), found.word.tolist(), strict=True)) == expected


def test_wrong_words_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Matcher(["电"])
    with pytest.raises(ValueError, match="twice"):
        Matcher(["电价", "電價"])


def test_a_broken_taxonomy_names_the_line(tmp_path: Path) -> None:
    for name in ("taxonomy.yaml", "departments.yaml"):
        (tmp_path / name).write_text((CONFIG / name).read_text("utf-8"), "utf-8")
    path = tmp_path / "taxonomy.yaml"
    path.write_text("topics:\n  - id: prices\n    name: 价格\n    strng: [物价]\n", "utf-8")
    with pytest.raises(UserError, match=r"taxonomy\.yaml, line 4"):
        load_taxonomy(tmp_path)


def test_a_department_for_an_unknown_topic_is_refused() -> None:
    taxonomy, departments = load_taxonomy(CONFIG)
    fewer = taxonomy.model_copy(update={"topics": taxonomy.topics[:2]})
    with pytest.raises(ValueError, match="no topic"):
        TopicModel(fewer, departments)


def test_headline_classes_speak_for_a_topic() -> None:
    model = TopicModel(*load_taxonomy(CONFIG), classes=("realty", "sports"))
    found = model.predict(text_pass(["某地"] * 2), np.array([[0.9, 0.1], [0.1, 0.9]]))
    assert [topics[0].label for topics in found.topics] == ["housing", "other"]


def test_words_are_cut_alike_alone_or_in_a_batch() -> None:
    texts = ["今年阶梯电价上涨，居民反映强烈！", "", "PM2.5 超标\n怎么办？", "!!"]
    cut = CUTTER.cut_batch(texts)
    assert cut == [CUTTER.cut_batch([text])[0] for text in texts]
    assert cut[0].split()[1] == "阶梯电价"
    assert "2.5" in cut[2] and cut[1] == cut[3] == ""


def test_a_broken_user_dictionary_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "userdict.txt"
    path.write_text("电价 100 n\n气价 many\n", "utf-8")
    with pytest.raises(UserError, match="line 2"):
        read_userdict(path)


@pytest.mark.parametrize("piece", ["的是", "😀", "停电限电", "<br/>&nbsp;", "\ud800", "1.2."])
def test_a_long_text_is_judged_in_a_moment(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    found = judge(text)
    assert time.process_time() - began < 2
    assert len(found.topics) == 1
