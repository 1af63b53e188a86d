"""Charts as inline SVG: no script, colours by class, a text for those who cannot see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 200, 44, 24, 10
SHARES = 120  # height of a chart of shares
DAY = 64  # height of a chart of today's hours
FEW = 3  # items of a column


@dataclass(frozen=True)
class Bars:
    """items by hour, the hours since 1970 from `first` on; then a forecast of them."""

    first: int
    items: Sequence[float]
    middle: Sequence[float] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def timeline(bars: Bars, local: LocalTime, about: str) -> Markup:
    """Bars of what was, a line and a band of what is forecast; the axis is a square root, for a
    peak would press all else to the ground."""
    columns = len(bars.items) + len(bars.middle)
    most = max([*bars.items, *bars.high, 1.0])
    wide = (WIDTH - LEFT) / max(columns, 1)
    tall = HEIGHT - BOTTOM - TOP

    def x(column: float) -> str:
        return f"{LEFT + column * wide:.1f}"

    def y(value: float) -> str:
        return f"{TOP + tall * (1 - (min(value, most) / most) ** 0.5):.1f}"

    parts = [
        f'<line class="axis" x1="{LEFT}" y1="{y(0)}" x2="{WIDTH}" y2="{y(0)}"/>',
        *(f'<text class="tick" x="{LEFT - 6}" y="{y(value)}" text-anchor="end" dy="4">{value:g}'
          "</text>" for value in (0, round(most / 4, 1), round(most, 1))),
    ]  # fmt: skip
    for at, value in enumerate(bars.items):
        if value:
            height = tall * (value / most) ** 0.5
            parts.append(f'<rect class="bar" x="{x(at)}" y="{y(value)}" '
                         f'width="{max(wide - 1, 0.8):.1f}" height="{height:.1f}"/>')  # fmt: skip
    if bars.middle:
        begin = len(bars.items)
        middles = [f"{x(begin + at + 0.5)},{y(v)}" for at, v in enumerate(bars.middle)]
        upper = [f"{x(begin + at + 0.5)},{y(v)}" for at, v in enumerate(bars.high)]
        lower = [f"{x(begin + at + 0.5)},{y(v)}" for at, v in enumerate(bars.low)]
        parts.append(f'<polygon class="band" points="{" ".join(upper + lower[::-1])}"/>')
        parts.append(f'<polyline class="middle" points="{" ".join(middles)}"/>')
        parts.append(f'<line class="now" x1="{x(begin)}" y1="{TOP}" x2="{x(begin)}" y2="{y(0)}"/>')
    step = max(1, columns // 6)
    for at in range(0, columns, step):
        label = local((bars.first + at) * 3600)
        parts.append(f'<text class="tick" x="{x(at)}" y="{HEIGHT - 6}">{label}</text>')
    drawn = "".join(parts)
    return Markup(  # noqa: S704 (numbers and times only; the words are escaped)
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">' + "{}</svg>"
    ).format(WIDTH, HEIGHT, about, Markup(drawn))  # noqa: S704


@dataclass(frozen=True)
class Column:
    """The parts of one stretch of time, by class of colour."""

    label: str
    parts: dict[str, int]


def day(today: Sequence[float], usual: Sequence[float], about: str) -> Markup:
    """Bars of today's hours, and a step for what each of the 24 usually has (none: no steps)."""
    most = max([*today, *usual, 1])
    wide, tall = WIDTH / 24, DAY - 16

    def drawn(kind: str, at: int, value: float, height: float) -> str:
        return (f'<rect class="part-{kind}" x="{at * wide + 2:.1f}" '
                f'y="{tall * (1 - value / most):.1f}" width="{wide - 4:.1f}" '
                f'height="{height:.1f}"/>')  # fmt: skip

    bars = [drawn("today", at, value, tall * value / most) for at, value in enumerate(today)]
    steps = [drawn("usual", at, value, 2.5) for at, value in enumerate(usual) if value]
    ticks = [f'<text class="tick" x="{at * wide:.1f}" y="{DAY - 3}">{at} 时</text>'
             for at in range(0, 24, 4)]  # fmt: skip
    inner = Markup("".join([*bars, *steps, *ticks]))  # noqa: S704 (numbers only)
    return Markup(
        '<svg class="chart day" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, DAY, about, inner)


def shares(columns: Sequence[Column], names: Mapping[str, str], about: str) -> Markup:
    """Each column whole, divided by its parts in the order of `names` (class -> words); pale
    where so few items are that the shares say little."""
    wide, tall = WIDTH / max(len(columns), 1), SHARES - BOTTOM
    drawn = []
    for at, column in enumerate(columns):
        total = sum(column.parts.values())
        said = "，".join(f"{name} {column.parts.get(key, 0)}" for key, name in names.items())
        faint = " few" if total < FEW else ""
        top = 0.0
        for key in names:
            height = tall * column.parts.get(key, 0) / total if total else 0.0
            if height:
                drawn.append(Markup(
                    '<rect class="part-{}{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" '
                    'height="{:.1f}"><title>{}：{}</title></rect>'
                ).format(key, faint, at * wide, top, max(wide - 1, 1), height, column.label,
                         said))  # fmt: skip
            top += height
    for at in range(0, len(columns), max(1, len(columns) // 6)):
        drawn.append(Markup('<text class="tick" x="{:.1f}" y="{}">{}</text>').format(
            at * wide, SHARES - 6, columns[at].label))  # fmt: skip
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, SHARES, about, Markup("").join(drawn))


class LocalTime:
    """The label of a moment on the axis, in the zone of readers."""

    def __init__(self, zone: object, form: str = "%m-%d %H时") -> None:
        self._zone, self._form = zone, form

    def __call__(self, seconds: float) -> str:
        return datetime.fromtimestamp(seconds, self._zone).strftime(self._form)  # type: ignore[arg-type]
