"""Where an event is told of and from: a square a province, no borders drawn. Our own grid. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log2

from markupsafe import Markup

SIDE, GAP = 44, 4
# First two digits of the division code: (short name, column, row).
TILES: dict[str, tuple[str, int, int]] = {
    "23": ("黑", 8, 0), "65": ("新", 0, 1), "15": ("蒙", 5, 1), "22": ("吉", 8, 1),
    "63": ("青", 1, 2), "62": ("甘", 2, 2), "64": ("宁", 3, 2), "14": ("晋", 4, 2),
    "13": ("冀", 5, 2), "11": ("京", 6, 2), "12": ("津", 7, 2), "21": ("辽", 8, 2),
    "54": ("藏", 0, 3), "51": ("川", 2, 3), "61": ("陕", 3, 3), "41": ("豫", 4, 3),
    "37": ("鲁", 6, 3), "50": ("渝", 3, 4), "42": ("鄂", 4, 4), "34": ("皖", 5, 4),
    "32": ("苏", 6, 4), "31": ("沪", 7, 4), "53": ("云", 2, 5), "52": ("贵", 3, 5),
    "43": ("湘", 4, 5), "36": ("赣", 5, 5), "33": ("浙", 6, 5), "45": ("桂", 3, 6),
    "44": ("粤", 4, 6), "35": ("闽", 5, 6), "71": ("台", 7, 6), "46": ("琼", 3, 7),
    "82": ("澳", 4, 7), "81": ("港", 5, 7),
}  # fmt: skip
SHADES = 4


def by_province(places: Iterable[str], regions: Mapping[str, int]) -> dict[str, int]:
    """Province → places of it that are spoken of, and items from its sources."""
    found: Counter[str] = Counter(code[:2] for code in places)
    for code, count in regions.items():
        found[code[:2]] += count
    return {code: count for code, count in found.items() if code in TILES}


def province_map(counts: Mapping[str, int]) -> Markup:
    """SVG; each square says its number, the darker the more (by doublings)."""
    most = max(counts.values(), default=0)
    wide = max(column for _, column, _ in TILES.values()) + 1
    tall = max(row for _, _, row in TILES.values()) + 1
    parts = []
    for code, (name, column, row) in TILES.items():
        count = counts.get(code, 0)
        shade = shade_of(count, most)
        x, y = column * SIDE, row * SIDE
        middle = f"{x + (SIDE - GAP) / 2:g}"
        parts.append(
            f'<g class="tile tile-{shade}"><title>{name} {count}</title>'
            f'<rect x="{x}" y="{y}" width="{SIDE - GAP}" height="{SIDE - GAP}" rx="4"/>'
            f'<text x="{middle}" y="{y + 17}">{name}</text>'
            f'<text class="count" x="{middle}" y="{y + 33}">{count or ""}</text></g>'
        )
    told = "、".join(f"{TILES[c][0]} {n}" for c, n in sorted(counts.items(), key=lambda p: -p[1]))
    about = f"各省提到和来源的条数：{told or '没有'}"
    return Markup(  # noqa: S704 - numbers and our own names
        f'<svg class="map" viewBox="0 0 {wide * SIDE} {tall * SIDE}" role="img" '
        f'aria-label="{about}">{"".join(parts)}</svg>'
    )


def shade_of(count: int, most: int) -> int:
    """0 for none, 1 to SHADES."""
    if count <= 0:
        return 0
    return 1 + min(SHADES - 1, int((SHADES - 1) * log2(1 + count) / log2(1 + max(most, 1)) + 0.001))
