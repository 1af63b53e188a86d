"""The most similar past events in the archive, and how they went (C10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch, NotFoundError

from infra.indices import write_name
from infra.settings import Settings
from models.similar import Similar, course, rank
from schemas.alert import Alert
from schemas.event import Event
from schemas.registry import ALERTS, EVENTS, TRENDS
from schemas.trend import Trend

CANDIDATES = 50
MERGES = 20  # one into the next
_LONG = ["things", "parted", "hours", "samples", "history", "words"]  # of other events


async def find_event(client: AsyncElasticsearch, settings: Settings, key: str) -> Event | None:
    """The event, or the one that it became part of."""
    for _ in range(MERGES):
        try:
            found = await client.get(index=write_name(settings, EVENTS), id=key)
        except NotFoundError:
            return None
        event = msgspec.convert(found["_source"], Event, strict=False)
        if event.merged_into is None:
            return event
        key = event.merged_into
    return None


async def find_trends(
    client: AsyncElasticsearch, settings: Settings, keys: list[str]
) -> dict[str, Trend]:
    """By event id; events that the timer has not looked at yet have none."""
    if not keys:
        return {}
    found = await client.mget(index=write_name(settings, TRENDS), ids=keys)
    return {
        doc["_id"]: msgspec.convert(doc["_source"], Trend, strict=False)
        for doc in found["docs"]
        if doc.get("found")
    }


async def find_alerts(
    client: AsyncElasticsearch, settings: Settings, keys: list[str],
    scope: Sequence[dict[str, Any]],
) -> dict[str, Alert]:  # fmt: skip
    """The alert of each event, of those within `scope` (Actor.filters): an event that others
    were merged into may be of more departments than its alert."""
    if not keys:
        return {}
    answer = await client.search(
        index=write_name(settings, ALERTS), size=len(keys),
        query={"bool": {"filter": [{"terms": {"matter_id": keys}}, *scope]}},
        sort=[{"opened_at": "asc"}],
    )  # fmt: skip
    alerts = [
        msgspec.convert(hit["_source"], Alert, strict=False) for hit in answer["hits"]["hits"]
    ]
    return {alert.matter_id: alert for alert in alerts}


def words_query(words: str, besides: dict[str, Any] | None = None) -> dict[str, Any]:
    """Documents whose words are most like `words`, rare ones first (more_like_this)."""
    like = {
        "fields": ["words"], "like": words, "min_term_freq": 1, "min_doc_freq": 1,
        "max_query_terms": 25, "minimum_should_match": "15%",
    }  # fmt: skip
    return {"bool": {"must": [{"more_like_this": like}], **(besides or {})}}


async def alike(
    client: AsyncElasticsearch, settings: Settings, event: Event, limit: int = 8,
    scope: Sequence[dict[str, Any]] = (),
) -> list[Event]:  # fmt: skip
    """Other events, of any time, that may be the same matter."""
    besides = {
        "filter": [*scope],
        "must_not": [{"ids": {"values": [event.id]}}, {"exists": {"field": "merged_into"}}],
    }
    answer = await client.search(
        index=write_name(settings, EVENTS), size=limit,
        query=words_query(event.words or event.title, besides),
        source_excludes=_LONG,
    )  # fmt: skip
    hits = answer["hits"]["hits"]
    return [msgspec.convert(hit["_source"], Event, strict=False) for hit in hits]


async def similar(
    client: AsyncElasticsearch,
    settings: Settings,
    event: Event,
    limit: int = 5,
    scope: Sequence[dict[str, Any]] = (),
) -> list[Similar]:
    """Of events that began before `event`."""
    besides = {
        "filter": [{"range": {"first_at": {"lt": event.first_at.isoformat()}}}, *scope],
        "must_not": [{"ids": {"values": [event.id]}}],
    }
    answer = await client.search(
        index=write_name(settings, EVENTS),
        query=words_query(event.words or event.title, besides), size=CANDIDATES,
        source_excludes=_LONG,
    )  # fmt: skip
    candidates = [
        (msgspec.convert(hit["_source"], Event, strict=False), float(hit["_score"]))
        for hit in answer["hits"]["hits"]
    ]
    best = rank(event, candidates, limit)
    keys = [other.id for other, _, _ in best]
    trends = await find_trends(client, settings, keys)
    alerts = await find_alerts(client, settings, keys, scope)
    return [
        Similar(other, score, why, course(other, trends.get(other.id), alerts.get(other.id)))
        for other, score, why in best
    ]
