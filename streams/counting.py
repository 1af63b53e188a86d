"""Counts of opinions by source, topic and hour, and of words, asked of Elasticsearch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.rising import SUPPORT, Counted
from schemas.registry import OPINIONS
from streams.context import Context

Counts = dict[str, dict[int, int]]  # key -> hour since 1970 -> items
KEYS = 2_000  # sources or topics looked at, the busiest
SLICE = 60  # keys of one request: 28 days of them by hour stay under the limit of buckets
WINDOW, PAST = timedelta(hours=24), timedelta(days=14)  # of rising words
SAMPLE = 20_000  # documents of a shard whose words are counted
CANDIDATES = 300


@dataclass(frozen=True)
class Told:
    """`words` in `now` documents of the window and `before` of the past."""

    words: list[Counted]
    now: int
    before: int


async def by_hour(
    context: Context, name: str, when: str, since: datetime, until: datetime
) -> Counts:
    """Items of `since` to `until` by the value of field `name` and the hour of field `when`."""
    inside = {"range": {when: {"gte": since.isoformat(), "lte": until.isoformat()}}}
    answer = await _search(context, inside, {"keys": {"terms": {"field": name, "size": KEYS}}})
    keys = [bucket["key"] for bucket in answer["keys"]["buckets"]]
    found: Counts = {}
    histogram = {"date_histogram": {"field": when, "fixed_interval": "1h", "min_doc_count": 1}}
    for at in range(0, len(keys), SLICE):
        some = keys[at : at + SLICE]
        asked = {"terms": {"field": name, "size": SLICE, "include": some}}
        answer = await _search(context, inside, {"keys": {**asked, "aggs": {"hours": histogram}}})
        for bucket in answer["keys"]["buckets"]:
            found[bucket["key"]] = {
                each["key"] // 3_600_000: each["doc_count"] for each in bucket["hours"]["buckets"]
            }
    return found


def renew(known: Counts, found: Counts, since: datetime, oldest: datetime) -> None:
    """Put what was counted from `since` on over what was known; drop what is too old."""
    first, last = int(since.timestamp() // 3600) + 1, int(oldest.timestamp() // 3600)
    for key in [*known, *(key for key in found if key not in known)]:
        new = found.get(key, {})
        # The first hour of the new counts is cut; the old count of it is whole.
        kept = {hour: n for hour, n in known.get(key, {}).items() if last <= hour < first}
        known[key] = {**new, **kept} if kept else new
        if not known[key]:
            del known[key]


async def driver(context: Context, topic: str, began: datetime) -> tuple[str, float]:
    """(the source with most items of the topic in the hour from `began`, its share)."""
    hour = {"gte": began.isoformat(), "lt": (began + timedelta(hours=1)).isoformat()}
    inside = {"bool": {"filter": [
        {"range": {"published_at": hour}}, {"term": {"topics.label": topic}},
    ]}}  # fmt: skip
    answer = await _search(context, inside, {"keys": {"terms": {"field": "source", "size": 1}}})
    found = answer["keys"]
    total = found["sum_other_doc_count"] + sum(b["doc_count"] for b in found["buckets"])
    if not found["buckets"]:
        return "", 0.0
    top = found["buckets"][0]
    return str(top["key"]), float(top["doc_count"] / total)


async def words(context: Context, now: datetime) -> Told:
    """Words of the last WINDOW that Elasticsearch finds significant, with both counts; copies
    are left out, for a text spread by copying is not many people's word."""

    def between(begin: datetime, end: datetime) -> dict[str, Any]:
        inside = {"gte": begin.isoformat(), "lt": end.isoformat()}
        return {"bool": {"filter": [{"range": {"published_at": inside}}],
                         "must_not": [{"exists": {"field": "duplicate.of"}}]}}  # fmt: skip

    past = between(now - WINDOW - PAST, now - WINDOW)
    asked = {"significant_text": {
        "field": "words", "size": CANDIDATES, "min_doc_count": SUPPORT,
        "background_filter": past,
    }}  # fmt: skip
    sampled = {"sampled": {"sampler": {"shard_size": SAMPLE}, "aggs": {"words": asked}}}
    answer = await _search(context, between(now - WINDOW, now), sampled)
    found = answer["sampled"]["words"]
    return Told(
        [Counted(b["key"], b["doc_count"], b["bg_count"]) for b in found["buckets"]],
        found["doc_count"], found["bg_count"],
    )  # fmt: skip


async def _search(context: Context, query: dict[str, Any], aggs: dict[str, Any]) -> Any:
    index = context.settings.prefix + OPINIONS.alias
    answer = await context.elasticsearch.search(
        index=index, query=query, aggs=aggs, size=0, track_total_hits=False
    )
    return answer["aggregations"]
