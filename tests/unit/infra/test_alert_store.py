"""Where a person waits, an Elasticsearch that is away is an error at once."""

from __future__ import annotations

import asyncio

import pytest
from elastic_transport import ConnectionError as Away
from elasticsearch import AsyncElasticsearch

from infra.alert_store import AlertStore


async def test_people_are_told_and_agents_wait() -> None:
    client = AsyncElasticsearch("http://127.0.0.1:9", max_retries=0)
    try:
        with pytest.raises(Away):
            await AlertStore(client, "alerts", patient=False).get(["x"])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(AlertStore(client, "alerts").get(["x"]), 0.5)
    finally:
        await client.close()
