"""Deaths, injuries, missing, loss."""

from __future__ import annotations

import pytest

from models.casualties import casualties, harms
from models.numerals import number


@pytest.mark.parametrize(
    ("text", "deaths", "injuries"),
    [
        ("两车相撞，三死五伤。", 3, 5),
        ("事故造成12人遇难。", 12, None),
        ("事故共造成6人死亡，3人重伤，14人轻微伤。", 6, 17),
        ("共造成24人受伤，其中重伤5人、轻伤6人。", None, 24),
        ("地震未造成人员伤亡。", 0, 0),
        ("所幸无人员伤亡。", 0, 0),
        ("目前尚未出现人员死亡的情况。", 0, None),
        ("截至18时，死亡人数升至25人。", 25, None),
        ("死亡2人受伤31人。", 2, 31),
        ("两人当场死亡，另6人被送往医院，其中4人抢救无效死亡。", 6, None),
        ("车内三男两女全部死亡。", 5, None),
        ("造成2人死亡。2004年的地震曾造成20余万人死亡。", 2, None),
        ("１５名平民死亡、２０人受伤。", 15, 20),
        ("近50名儿童和3名老师中毒入院。", None, 53),
        ("奔驰司机受轻伤。", None, 1),
        ("网传“50人死亡”不实，官方称3人死亡。", 3, None),
        ("价格涨得要死，伤不起。", None, None),
        ("火车站遭袭\n2014年3月1日21时，火车站发生暴力事件，29人死亡。", 29, None),
        ("尚无人员伤亡报告。本月1日，该地曾发生地震，造成6人死亡。", 0, 0),
        ("确认了16名遇难者，其中1人抢救无效死亡。", 16, None),
        ("10人以上死亡的交通事故由上级调查。", None, None),
        ("一个房间打死五只蚊子。", None, None),
        ("今年2月，另一起车祸致19人丧生。", 19, None),
        ("大客车坠崖，造成47人死亡。今年2月，另一起车祸致50人受伤。", 47, None),
        ("", None, None),
    ],
)
def test_figures(text: str, deaths: int | None, injuries: int | None) -> None:
    (got,) = casualties([text])
    assert (got.deaths, got.injuries) == (deaths, injuries)


@pytest.mark.parametrize(
    ("text", "loss"),
    [
        ("直接经济损失2000余万元", 20_000_000),
        ("经济损失达1亿多元人民币", 100_000_000),
        ("损失估计在7万元左右", 70_000),
        ("造成3.5亿元直接经济损失", 350_000_000),
        ("损失惨重", None),
    ],
)
def test_losses(text: str, loss: int | None) -> None:
    assert casualties([text])[0].loss_yuan == loss


def test_light_injuries_and_illness_are_kept_apart_for_the_grades() -> None:
    hurt, ill = harms(["3人重伤，14人轻微伤。", "38名学生食物中毒。"])
    assert (hurt.injuries, hurt.serious) == (17, 3)
    assert (ill.injuries, ill.serious, ill.ill) == (38, None, 38)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("１２", 12), ("1.5万", 15_000), ("三十二", 32), ("两千余", 2_000), ("十", 10),
        ("二〇〇八", 2008), ("2,000", 2_000), ("20多万", 200_000), ("一百零五", 105), ("百余", 100),
        ("数十", None), ("几", None), ("亿", None),
    ],
)  # fmt: skip
def test_numbers(text: str, value: int | None) -> None:
    assert number(text) == value
