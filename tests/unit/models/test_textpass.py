import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.characters import DIGIT, LETTER, MARK, SPACE
from models.textpass import text_pass

ANY = st.text(st.characters(), max_size=40)  # lone surrogates and control characters too


def normal(text: str) -> str:
    return text_pass([text]).texts[0]


def test_width_case_and_script_are_folded() -> None:
    assert normal("ＡＢＣ１２３，繁體字") == "abc123,繁体字"


def test_runs_are_cut_but_numbers_are_not() -> None:
    assert normal("好！！！！！哈哈哈哈哈哈 1000000元") == "好!!哈哈哈 1000000元"


def test_spaces_are_one_inside_and_none_at_the_ends() -> None:
    assert normal("\t 电价\u3000 \x00上涨 \n") == "电价 上涨"


def test_a_url_is_its_scheme_and_ends_with_the_ascii() -> None:
    assert text_pass(["看http://t.cn/Ab1？x=1转发", "https://a.b/c", "://"]).texts == [
        "看http转发",
        "https",
        "",
    ]


def test_marks_that_carry_meaning_stay() -> None:
    assert normal("#电价# @发改委 [怒]") == "#电价# @发改委 [怒]"


def test_what_cannot_be_seen_is_gone() -> None:
    assert normal("电\u200b价\ud800上\ufeff涨") == "电价上涨"


def test_origin_leads_back_to_the_given_text() -> None:
    given_texts = ["Ａ  涨\u200b价", "", "！！！！x"]
    batch = text_pass(given_texts)
    joined = "".join(given_texts)
    assert [joined[at] for at in batch.origin] == list("Ａ 涨价！！x")
    assert batch.starts.tolist() == [0, 4, 4, 7]


def test_kinds() -> None:
    assert text_pass(["a1 !"]).kinds.tolist() == [LETTER, DIGIT, SPACE, MARK]


def test_grams_are_the_same_wherever_they_stand_and_end_with_the_text() -> None:
    batch = text_pass(["电价上", "x电价上", "价", ""])
    assert batch.bigrams[0] == batch.bigrams[4]
    assert batch.trigrams[0] == batch.trigrams[4]
    assert (batch.bigrams == 0).tolist() == [False, False, True, False, False, False, True, True]
    assert (batch.trigrams == 0).sum() == 5


def test_the_head_of_each_text() -> None:
    head = text_pass(["电价上涨", "", "涨", "abc"]).head(2)
    assert head.texts == ["电价", "", "涨", "ab"]
    assert head.bigrams[1] == 0


def test_no_texts() -> None:
    batch = text_pass([])
    assert (len(batch), batch.texts, len(batch.trigrams)) == (0, [], 0)


@given(st.lists(ANY, max_size=5))
def test_a_text_gives_the_same_in_any_batch(texts: list[str]) -> None:
    batch = text_pass(texts)
    assert batch.texts == [normal(text) for text in texts]
    for grams in ("unigrams", "bigrams", "trigrams"):
        alone = [getattr(text_pass([text]), grams) for text in texts]
        expected = np.concatenate([*alone, np.zeros(0, np.uint32)])
        assert np.array_equal(getattr(batch, grams), expected)


@given(ANY)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)
