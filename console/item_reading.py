"""What the page of one item shows, read from Elasticsearch in two rounds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from elasticsearch import AsyncElasticsearch

from console.similar import find_alerts
from console.text_difference import Difference, difference
from infra.correction_store import CorrectionStore, Held
from infra.event_index import events_of
from infra.indices import write_name
from infra.settings import Settings
from models.corrected import laid_over
from schemas.alert import Alert
from schemas.correction import Field
from schemas.event import Event
from schemas.opinion import Opinion
from schemas.registry import EVENTS, OPINIONS

COPIES, VERSIONS = 5, 10


@dataclass(frozen=True)
class Beside:
    """Another document beside this one, the differing words marked."""

    item: Opinion
    marked: Difference


@dataclass(frozen=True)
class Item:
    said: Opinion  # as the models have it
    item: Opinion  # with the corrections
    corrections: dict[Field, Held]
    copies: list[Beside]  # those that differ most first
    copies_total: int
    versions: list[Beside]  # other sights of the same page, the latest first
    events: list[Event]
    alert: Alert | None


def _opinion(source: dict[str, Any]) -> Opinion:
    return msgspec.convert(source, Opinion, strict=False)


async def find_source(
    client: AsyncElasticsearch, index: str, key: str
) -> tuple[str, dict[str, Any]] | None:
    """(the month's index, the document); None when there is none."""
    answer = await client.search(
        index=index, query={"ids": {"values": [key]}}, size=1, source_excludes=["words"]
    )
    hits = answer["hits"]["hits"]
    return (hits[0]["_index"], hits[0]["_source"]) if hits else None


async def read_item(
    client: AsyncElasticsearch,
    settings: Settings,
    source: dict[str, Any],
    scope: Sequence[dict[str, Any]],
    event_scope: Sequence[dict[str, Any]],
) -> Item:
    """`scope`, `event_scope`: Actor.filters over opinions and over events."""
    said = _opinion(source)
    opinions = settings.prefix + OPINIONS.alias
    its = events_of(said.origin_id, said.cluster_id, said.root_id)

    async def others(query: dict[str, Any], size: int, sort: str) -> tuple[int, list[Opinion]]:
        answer = await client.search(
            index=opinions, size=size, sort=[{sort: "desc"}], source_excludes=["words", "models"],
            track_total_hits=True,
            query={"bool": {"filter": [query, *scope],
                            "must_not": [{"ids": {"values": [said.id]}}]}},
        )  # fmt: skip
        found = answer["hits"]
        return found["total"]["value"], [_opinion(hit["_source"]) for hit in found["hits"]]

    async def events() -> list[Event]:
        answer = await client.search(
            index=write_name(settings, EVENTS), size=3, sort=[{"items": "desc"}],
            source_excludes=["words"],
            query={"bool": {"filter": [its, *event_scope],
                            "must_not": [{"exists": {"field": "merged_into"}}]}},
        )  # fmt: skip
        hits = answer["hits"]["hits"]
        return [msgspec.convert(hit["_source"], Event, strict=False) for hit in hits]

    (total, copies), (_, versions), found, held = await asyncio.gather(
        others({"term": {"cluster_id": said.cluster_id}}, COPIES + VERSIONS, "published_at"),
        others({"term": {"origin_id": said.origin_id}}, VERSIONS, "fetched_at"),
        events(),
        CorrectionStore(settings, client).get(said.id),
    )
    copies = [each for each in copies if each.origin_id != said.origin_id and each.text][:COPIES]
    matters = [*(event.id for event in found), said.origin_id]
    alerts = await find_alerts(client, settings, matters, event_scope)
    shown = laid_over(source, (each.correction for each in held.values()))
    return Item(
        said=said,
        item=_opinion(shown),
        corrections=held,
        copies=sorted(
            (Beside(each, difference(said.text, each.text)) for each in copies),
            key=lambda beside: beside.marked.same,
        ),
        copies_total=total,
        versions=[Beside(each, difference(each.text, said.text)) for each in versions],
        events=found,
        alert=next(iter(alerts.values()), None),
    )
