"""What a search found, counted: by field (each count narrows it) and over time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from response.durations import CHINA

# Field of the language -> where it is counted.
FACETS = {
    "渠道": "channel", "话题": "topics.label", "处室": "departments.id", "级别": "severity.level",
    "态度": "attitude.label", "地点": "places.code", "来源": "source",
}  # fmt: skip
MOST = 8  # values of a field
BARS = 60
_FACETS: dict[str, Any] = {
    name: {"terms": {"field": where, "size": MOST}} for name, where in FACETS.items()
}
_HOUR, _DAY = 3_600, 86_400
WIDTH, HEIGHT = 720, 110
LABEL = 62  # how wide a date is written


@dataclass(frozen=True)
class Value:
    key: str
    count: int
    link: str  # the search, narrowed to this value


def address(asked: dict[str, str], **changed: str) -> str:
    """The page's address with other values; a changed search begins at its first page."""
    kept = asked | {"page": ""} | changed
    return "/search?" + urlencode({key: value for key, value in kept.items() if value})


def narrowed(text: str, field: str, value: str) -> str:
    """`text` and the field; in parentheses, for OR binds less than what is added."""
    quoted = f'"{value}"' if any(sign in value for sign in ' ()（）|"“”') else value
    part = f"{field}:{quoted}"
    return f"({text}) {part}" if text.strip() else part


def facets(counts: dict[str, Any], asked: dict[str, str]) -> dict[str, list[Value]]:
    text = asked.get("q", "")
    return {
        name: [
            Value(
                bucket["key"], bucket["doc_count"],
                address(asked, q=narrowed(text, name, bucket["key"])),
            )
            for bucket in counts[name]["buckets"]
        ]
        for name in FACETS if counts.get(name, {}).get("buckets")
    }  # fmt: skip


def aggs(since: datetime | None, until: datetime | None, now: datetime) -> dict[str, Any]:
    """Days; hours where the search is of less than four days."""
    short = since is not None and (until or now) - since < timedelta(days=4)
    over_time = {
        "field": "published_at", "fixed_interval": "1h" if short else "1d",
        "time_zone": "+08:00", "min_doc_count": 1,
    }  # fmt: skip
    return _FACETS | {"over_time": {"date_histogram": over_time}}


def over_time(counts: dict[str, Any], asked: dict[str, str]) -> Markup:
    """Bars as inline SVG; each is a link to its own stretch of time, with its number as title."""
    bars = _merged(counts.get("over_time", {}).get("buckets", []))
    if not bars:
        return Markup("")
    most = max(count for _, _, count in bars)
    wide = WIDTH / len(bars)
    parts = []
    for at, (begin, end, count) in enumerate(bars):
        tall = max(2.0, (HEIGHT - 20) * count / most) if count else 0
        parts.append(
            Markup(
                '<a href="{}"><title>{} 起：{} 条</title>'
                '<rect class="reach" x="{:.1f}" y="0" width="{:.1f}" height="{}"/>'
                '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/></a>'
            ).format(
                address(asked, since=begin, until=end), begin[:16].replace("T", " "), count,
                at * wide, wide, HEIGHT - 16, at * wide, HEIGHT - 16 - tall, max(wide - 1, 1),
                tall,
            )
        )  # fmt: skip
    for at in range(0, len(bars), max(1, len(bars) // 6)):
        parts.append(
            Markup('<text class="tick" x="{:.1f}" y="{}">{}</text>').format(
                min(at * wide, WIDTH - LABEL), HEIGHT - 3, bars[at][0][:10]
            )
        )
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="按时间的条数">{}</svg>'
    ).format(WIDTH, HEIGHT, Markup("").join(parts))


def _merged(buckets: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """(begin, end, count), at most BARS of equal length; none for a single hour or day."""
    if len(buckets) < 2:
        return []
    seconds = [bucket["key"] // 1000 for bucket in buckets]
    unit = _DAY if all((at - seconds[0]) % _DAY == 0 for at in seconds) else _HOUR
    units = (seconds[-1] - seconds[0]) // unit + 1
    step = unit * -(-units // BARS)
    counts = [0] * (-(-units * unit // step))
    for at, bucket in zip(seconds, buckets, strict=True):
        counts[(at - seconds[0]) // step] += bucket["doc_count"]
    edges = [
        datetime.fromtimestamp(seconds[0] + step * at, CHINA).isoformat()
        for at in range(len(counts) + 1)
    ]
    return list(zip(edges, edges[1:], counts, strict=False))
