"""What an operator wants to know at a glance (`tingchao status`), read from the servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import DescribeGroupsRequest_v3, DescribeGroupsResponse_v3
from elasticsearch import AsyncElasticsearch

from infra import clients
from infra.dead_letters import DeadLetters, Filters
from infra.lag import READS, lags
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.alert import OPEN_STATUSES
from schemas.registry import ALERTS, AUDITS, LEASES, OPINIONS, SOURCE_HEALTH

# aiokafka 0.14 reads the answer of version 3 as one of version 2 and fails on it.
DescribeGroupsRequest_v3.RESPONSE_TYPE = DescribeGroupsResponse_v3


@dataclass
class Status:
    cluster: str  # green, yellow, red
    documents: int
    workers: dict[str, list[str]]  # agent -> hosts of its consumers
    lag: dict[str, int]
    dead_letters: int  # that wait
    sources: dict[str, list[str]]  # state -> names
    alerts: dict[str, int]  # level -> open ones
    unanswered: int  # open, and nobody has acknowledged
    audit: dict[str, Any] | None  # the last AuditRun
    free_bytes: int  # least of the Elasticsearch nodes
    written_at: datetime | None = None  # the last document


async def status(settings: Settings, endpoints: Endpoints, client: AsyncElasticsearch) -> Status:
    found = await lags(settings, endpoints)
    lag = {agent: sum(each.behind for each in found if each.agent == agent) for agent in READS}
    health = await client.cluster.health()
    alerts = await _open_alerts(client, settings)
    return Status(
        cluster=health["status"],
        documents=(await client.count(index=settings.prefix + OPINIONS.alias))["count"],
        workers=await _workers(settings, endpoints) | await _timer(client, settings),
        lag=lag,
        dead_letters=await DeadLetters(settings, client).count(Filters()),
        sources=await _sources(client, settings),
        alerts=alerts[0],
        unanswered=alerts[1],
        audit=await _last(client, settings.prefix + AUDITS.alias, "at"),
        free_bytes=await _free(client),
        written_at=await _written(client, settings),
    )


async def _workers(settings: Settings, endpoints: Endpoints) -> dict[str, list[str]]:
    admin = AIOKafkaAdminClient(**clients.kafka_options(settings, endpoints))
    await admin.start()
    try:
        groups = {f"{settings.prefix}tingchao-{agent}": agent for agent in READS}
        found: dict[str, list[str]] = {agent: [] for agent in READS}
        for answer in await admin.describe_consumer_groups(list(groups)):
            for _code, group, _state, _type, _protocol, members, *_ in answer.groups:
                found[groups[group]] = sorted(member[2].strip("/") for member in members)
        return found
    finally:
        await admin.close()


async def _timer(client: AsyncElasticsearch, settings: Settings) -> dict[str, list[str]]:
    """Who holds the timer's lease; it reads no topic."""
    query = {"range": {"until": {"gt": datetime.now(UTC).isoformat()}}}
    answer = await client.search(index=settings.prefix + LEASES.alias, query=query)
    return {"deadlines": [hit["_source"]["owner"] for hit in answer["hits"]["hits"]]}


async def _sources(client: AsyncElasticsearch, settings: Settings) -> dict[str, list[str]]:
    answer = await client.search(index=settings.prefix + SOURCE_HEALTH.alias, size=10_000)
    states: dict[str, list[str]] = {}
    for hit in answer["hits"]["hits"]:
        source = hit["_source"]
        states.setdefault(source["status"], []).append(source["source"])
    return states


async def _open_alerts(
    client: AsyncElasticsearch, settings: Settings
) -> tuple[dict[str, int], int]:
    answer = await client.search(
        index=settings.prefix + ALERTS.alias, size=0,
        query={"terms": {"status": list(OPEN_STATUSES)}},
        aggs={
            "levels": {"terms": {"field": "level"}},
            "unanswered": {"filter": {"term": {"status": "open"}}},
        },
    )  # fmt: skip
    found = answer["aggregations"]
    levels = {bucket["key"]: bucket["doc_count"] for bucket in found["levels"]["buckets"]}
    return levels, found["unanswered"]["doc_count"]


async def _last(client: AsyncElasticsearch, index: str, by: str) -> dict[str, Any] | None:
    answer = await client.search(index=index, size=1, sort=[{by: "desc"}])
    hits = answer["hits"]["hits"]
    return dict(hits[0]["_source"]) if hits else None


async def _written(client: AsyncElasticsearch, settings: Settings) -> datetime | None:
    found = await _last(client, settings.prefix + OPINIONS.alias, "indexed_at")
    return datetime.fromisoformat(found["indexed_at"]) if found else None


async def _free(client: AsyncElasticsearch) -> int:
    nodes = (await client.nodes.stats(metric="fs"))["nodes"].values()
    return int(min(node["fs"]["total"]["available_in_bytes"] for node in nodes))
