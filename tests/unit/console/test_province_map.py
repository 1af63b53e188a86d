"""The map of provinces: every one once, none over another, shades that grow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.province_map import SHADES, TILES, by_province, province_map, shade_of


def test_every_province_has_a_square_of_its_own() -> None:
    assert len(TILES) == 34
    assert len({(column, row) for _, column, row in TILES.values()}) == 34
    assert len({name for name, _, _ in TILES.values()}) == 34


def test_places_and_sources_count_together() -> None:
    found = by_province(["130400", "130000", "330100", "99"], {"130000": 5, "xx": 3, "": 1})
    assert found == {"13": 7, "33": 1}
    drawn = province_map(found)
    assert 'aria-label="各省提到和来源的条数：冀 7、浙 1"' in drawn
    assert drawn.count("<rect") == 34 and "没有" in province_map({})


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_shades_grow_with_the_number(one: int, other: int) -> None:
    least, most = sorted((one, other))
    assert 0 <= shade_of(least, most) <= shade_of(most, most) <= SHADES
    assert (shade_of(least, most) == 0) == (least == 0)
