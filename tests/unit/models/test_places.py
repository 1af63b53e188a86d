"""Places with their codes; ambiguity kept unless the context settles it."""

from __future__ import annotations

from models.divisions import divisions, short
from models.places import _neat, places


def coded(text: str, region: str | None = None) -> dict[str, str | None]:
    return {place.text: place.code for place in places([text], [region])[0]}


def test_a_chain_gives_the_deepest_code() -> None:
    (place, *_) = places(["云南昭通巧家县昨天发生地震。"])[0]
    assert place.code == "530622"


def test_an_ambiguous_county_is_settled_by_the_city_named() -> None:
    assert "110105" in coded("北京市今天降雪，朝阳区部分道路封闭。").values()


def test_an_ambiguous_county_is_settled_by_the_region_of_the_source() -> None:
    alone = places(["朝阳区部分道路封闭。"], [None])[0][0]
    assert alone.code is None
    assert set(alone.candidates) == {"110105", "220104"}
    assert places(["朝阳区部分道路封闭。"], ["220100"])[0][0].code == "220104"


def test_a_division_within_an_organisation_counts_when_nothing_else_does() -> None:
    assert "420100" in coded("武汉市公安局通报，一名男子被抓获。").values()


def test_other_places_have_no_code() -> None:
    got = coded("事故发生后，伤者被送往医院，交警赶赴现场。")
    assert got.get("现场", "absent") is None


def test_old_and_short_names() -> None:
    table = divisions().names
    assert table["密云县"] == ("110118",)
    assert table["襄樊市"] == ("420600",)
    assert short("楚雄彝族自治州") == "楚雄"
    assert short("内蒙古自治区") == "内蒙古"
    assert short("密云区") == "密云"


def test_an_everyday_word_is_no_place() -> None:
    assert "和平" not in coded("两国人民热爱和平，共同建设新城。")


def test_a_place_ends_where_places_end() -> None:
    assert _neat("武汉市江岸区一工地塔吊起火") == "武汉市江岸区一工地"
    assert _neat("位于城北的化工厂附近") == "城北的化工厂附近"
    assert _neat("现场") == "现场"
