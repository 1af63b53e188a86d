"""Today beside the usual: what earlier days had taken in by this time of the day (China's)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from elasticsearch import AsyncElasticsearch

from response.durations import CHINA

DAYS = 14
KINDS = ("items", "duplicates", "negative")
PARTS: dict[str, dict[str, Any]] = {
    "duplicates": {"exists": {"field": "duplicate.of"}},
    "negative": {"term": {"attitude.label": "negative"}},
}
Hours = list[dict[str, int]]  # by hour of the day, kind -> count


@dataclass(frozen=True)
class Usual:
    days: int  # with anything taken in, of the last DAYS
    by_hour: list[dict[str, float]]  # the median of those days, by kind

    def by(self, now: datetime) -> dict[str, float]:
        """Until this time of the day; the running hour counts as far as it has gone."""
        local = now.astimezone(CHINA)
        gone = (local.minute + local.second / 60) / 60
        return {
            kind: sum(each[kind] for each in self.by_hour[: local.hour])
            + gone * self.by_hour[local.hour][kind]
            for kind in KINDS
        }


def per_hour() -> dict[str, Any]:
    """The aggregation."""
    return {
        "date_histogram": {"field": "indexed_at", "fixed_interval": "1h", "min_doc_count": 1},
        "aggs": {name: {"filter": part} for name, part in PARTS.items()},
    }


def hours_of(buckets: Sequence[dict[str, Any]]) -> dict[str, Hours]:
    """By day."""
    days: dict[str, Hours] = defaultdict(lambda: [dict.fromkeys(KINDS, 0) for _ in range(24)])
    for bucket in buckets:
        when = datetime.fromtimestamp(bucket["key"] / 1000, CHINA)
        days[f"{when:%Y-%m-%d}"][when.hour] = {
            "items": bucket["doc_count"], **{name: bucket[name]["doc_count"] for name in PARTS},
        }  # fmt: skip
    return dict(days)


def usual(days: dict[str, Hours]) -> Usual:
    empty = [dict.fromkeys(KINDS, 0.0) for _ in range(24)]
    if not days:
        return Usual(0, empty)
    return Usual(len(days), [
        {kind: float(median(day[hour][kind] for day in days.values())) for kind in KINDS}
        for hour in range(24)
    ])  # fmt: skip


class UsualReader:
    """Earlier days do not change: read once an hour for each that may see other departments."""

    def __init__(self, client: AsyncElasticsearch, index: str) -> None:
        self._client, self._index = client, index
        self._known: dict[tuple[str, str], Usual] = {}

    async def read(self, today: datetime, now: datetime, scope: Sequence[dict[str, Any]]) -> Usual:
        """`today`: its first moment."""
        key = (f"{now:%Y-%m-%d %H}", repr(scope))
        if key not in self._known:
            begin = today - timedelta(days=DAYS)
            span = {"range": {"indexed_at": {"gte": begin.isoformat(), "lt": today.isoformat()}}}
            answer = await self._client.search(
                index=self._index, query={"bool": {"filter": [span, *scope]}}, size=0,
                aggs={"hours": per_hour()}, track_total_hits=False,
            )  # fmt: skip
            self._known = {k: v for k, v in self._known.items() if k[0] == key[0]}
            self._known[key] = usual(hours_of(answer["aggregations"]["hours"]["buckets"]))
        return self._known[key]
