from __future__ import annotations

import math

from models.keywords import MOST, Keywords
from models.textpass import text_pass
from models.words import Words, cutter


def _cut(texts: list[str]) -> Words:
    return cutter().cut_pass(text_pass(texts))


def _words(text: str, head: int = 0, limit: int = 15) -> dict[str, float]:
    return dict(Keywords(limit).of(_cut([text]), [head])[0])


def test_rare_words_weigh_more_and_the_weights_have_unit_length() -> None:
    found = _words("化工厂 爆炸 企业 企业")
    assert found["化工厂"] > found["爆炸"]
    assert math.isclose(sum(w * w for w in found.values()), 1.0)


def test_what_names_nothing_is_left_out() -> None:
    assert _words("我们 的 2026 ， 转发 微博 a") == {}
    assert _words("") == {}


def test_words_of_the_title_weigh_more() -> None:
    plain, titled = _words("电价 停电"), _words("电价 停电", head=2)
    assert titled["电价"] / titled["停电"] > plain["电价"] / plain["停电"]


def test_a_word_said_without_end_does_not_drown_the_others() -> None:
    assert _words("停电 " * MOST + "电价") == _words("停电 " * 100 + "电价")


def test_a_batch_gives_what_each_text_gives_alone() -> None:
    texts = ["化工厂 爆炸", "", "电价 上涨 居民 电价", "停电 " * 500]
    heads = [3, 0, 2, 0]
    together = Keywords(3).of(_cut(texts), heads)
    alone = [
        Keywords(3).of(_cut([text]), [head])[0] for text, head in zip(texts, heads, strict=True)
    ]
    assert [[word for word, _ in row] for row in together] == [
        [word for word, _ in row] for row in alone
    ]
    assert Keywords(3).of(_cut([]), []) == []
