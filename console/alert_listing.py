"""Alerts as a list: the gravest first, those that wait before others; narrowed as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from console.actor import Actor
from infra.indices import write_name
from infra.settings import Settings
from schemas.alert import OPEN_STATUSES, Alert, Status
from schemas.analysis import LEVEL_RANK, LEVELS
from schemas.registry import ALERTS

GRAVEST: list[dict[str, str]] = [{"_score": "desc"}, {"opened_at": "desc"}]
MOST = 2_000  # more than that nobody can look at
LONG = ["evidence", "history", "steps", "reasons", "report", "matters"]  # in no list
STATES: dict[str, tuple[Status, ...]] = {
    "": OPEN_STATUSES, "open": ("open",), "acknowledged": ("acknowledged",),
    "handling": ("handling",), "resolved": ("resolved",), "closed": ("closed",),
    "all": (*OPEN_STATUSES, "resolved", "closed", "merged"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """`status`: a key of STATES; `mine`: told to, given to or acknowledged by the asker."""

    status: str = ""
    level: str = ""
    department: str = ""
    text: str = ""
    mine: bool = False

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        status, level = given.get("status", ""), given.get("level", "")
        return cls(
            status if status in STATES else "", level if level in LEVELS else "",
            given.get("department", "")[:100], given.get("q", "").strip()[:200],
            bool(given.get("mine")),
        )  # fmt: skip


def query(asked: Asked, actor: Actor) -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        {"terms": {"status": list(STATES[asked.status])}}, *actor.filters(),
    ]  # fmt: skip
    if asked.level:
        found.append({"term": {"level": asked.level}})
    if asked.department:
        found.append({"term": {"departments": asked.department}})
    if asked.text:
        found.append({"match_phrase": {"title": asked.text}})
    if asked.mine:
        found.append(mine(actor))
    return {"bool": {"filter": found}}


def mine(actor: Actor) -> dict[str, Any]:
    return {"bool": {"should": [
        {"term": {"assignee": actor.id}}, {"term": {"steps.recipients": actor.id}},
        {"term": {"acknowledged_by": actor.name}},
    ]}}  # fmt: skip


def by_level(wanted: dict[str, Any]) -> dict[str, Any]:
    """`wanted`, its _score the level, and half a level where nobody has answered.

    A rule's alert has a level and no score of its own.
    """
    graded = [
        {"constant_score": {"filter": {"term": {"level": level}}, "boost": rank}}
        for level, rank in LEVEL_RANK.items()
        if rank
    ]
    waits = {"constant_score": {"filter": {"term": {"status": "open"}}, "boost": 0.5}}
    return {"bool": {"filter": [wanted], "should": [*graded, waits]}}


async def list_alerts(
    client: AsyncElasticsearch, settings: Settings, actor: Actor, asked: Asked, size: int = 20,
    offset: int = 0,
) -> tuple[int, list[Alert]]:  # fmt: skip
    """(how many, some of them without their LONG fields)."""
    answer = await client.search(
        index=write_name(settings, ALERTS), query=by_level(query(asked, actor)),
        size=min(size, MOST - offset), from_=offset, sort=GRAVEST, source_excludes=LONG,
        track_total_hits=True,
    )  # fmt: skip
    return answer["hits"]["total"]["value"], _alerts(answer)


async def next_due(
    client: AsyncElasticsearch, settings: Settings, actor: Actor, size: int = 3
) -> Sequence[Alert]:
    """Open alerts of which something is due, the earliest first."""
    answer = await client.search(
        index=write_name(settings, ALERTS), size=size, source_excludes=LONG,
        query={"bool": {"filter": [query(Asked(), actor), {"exists": {"field": "next_due_at"}}]}},
        sort=[{"next_due_at": "asc"}],
    )  # fmt: skip
    return _alerts(answer)


async def of_their_alerts(
    client: AsyncElasticsearch, settings: Settings, actor: Actor
) -> list[dict[str, Any]]:
    """What belongs to an alert has no department of its own: it is that of its alert."""
    if not (whose := actor.filters()):
        return []
    answer = await client.search(
        index=write_name(settings, ALERTS), query={"bool": {"filter": whose}},
        sort=[{"updated_at": "desc"}], size=MOST, source=False,
    )  # fmt: skip
    return [{"terms": {"alert_id": [hit["_id"] for hit in answer["hits"]["hits"]]}}]


def _alerts(answer: Any) -> list[Alert]:
    return [msgspec.convert(hit["_source"], Alert, strict=False) for hit in answer["hits"]["hits"]]
