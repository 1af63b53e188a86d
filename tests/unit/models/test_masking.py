"""Personal data goes, everything else stays as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.personal import MAKERS, hidden, made
from models.masking import mask, masked
from models.masking_rules import id18_valid, luhn_valid


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_generated_data_is_hidden(kind: str, seed: int) -> None:
    secret, text = made(kind, seed)
    assert hidden(kind, secret, mask([text])[0]), text


@pytest.mark.parametrize(
    "text",
    [
        "热线12345和96110全天开通，客服400-820-8820，报警110",
        "2008年5月12日14时28分，北纬31.0度东经103.4度",
        "人民路123号是市政府，建设路的商户",
        "总投资12345678901元，同比增长13.8%",
        "订单号 110101199003074513 查询",  # the shape of an ID number, but not its checksum
        "3月12-15日，13-14日两天，电话会议2023-2024学年",
        "隧道一百三十六座，小木屋一幢，共57户居民",
        "国道G312线，车次G1234，航班MU5735",
    ],
)
def test_what_is_public_stays(text: str) -> None:
    assert mask([text]) == [text]


def test_kinds_are_counted_and_the_street_stays() -> None:
    got = masked(["家住建设路12号3栋2单元501室，电话１３８－１２３４－５６７８，备用139 1234 5678"])
    assert got.texts == ["家住建设路〈住址〉，电话〈手机号〉，备用〈手机号〉"]
    assert got.counts == [{"手机号": 2, "住址": 1}]


def test_separated_and_full_width_forms() -> None:
    texts = ["138-1234-5678", "138 1234 5678", "+86 138 1234 5678", "１３８１２３４５６７８"]
    assert mask(texts) == ["〈手机号〉"] * 4


def test_the_rest_of_the_batch_is_untouched() -> None:
    clean = "今天天气很好"
    got = mask([clean, "a@b.cn", clean, "", "\ud800😀\x00"])
    assert got == [clean, "〈邮箱〉", clean, "", "\ud800😀\x00"]


def test_checks_refuse_wrong_numbers() -> None:
    assert id18_valid("11010519491231002X") and not id18_valid("110105194912310021")
    assert not id18_valid("110105199002300017")  # 30 February
    assert luhn_valid("4532015112830366") and not luhn_valid("4532015112830367")


@given(st.lists(st.text(max_size=60), max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_result_and_masking_twice_changes_nothing(texts: list[str]) -> None:
    once = mask(texts)
    assert len(once) == len(texts)
    assert mask(once) == once
