"""Open pages learn that something changed, and that they may not listen."""

from __future__ import annotations

import asyncio

import msgspec
import requests
from elasticsearch import AsyncElasticsearch

from infra.accounts import Account
from infra.settings import Settings
from tests.integration.conftest import good_items
from tests.integration.web import web


async def test_a_change_is_told(
    landed: Account, console: str, config: Settings,
    elasticsearch: AsyncElasticsearch,
) -> None:  # fmt: skip
    refused = requests.get(f"{console}/live", timeout=10, allow_redirects=False)
    assert refused.status_code == 303
    stream = web.get(f"{console}/live", stream=True, timeout=30)
    assert stream.headers["content-type"].startswith("text/event-stream")
    lines = stream.iter_lines(chunk_size=1)
    assert next(lines) == b"retry: 5000"
    found = await elasticsearch.search(
        index=f"{config.prefix}opinions", query={"ids": {"values": [good_items()[0].id]}}
    )
    hit = found["hits"]["hits"][0]
    later = hit["_source"] | {"id": "f" * 32, "indexed_at": "2099-01-01T00:00:00Z"}
    for number in range(2):  # the first look only learns how things stand
        await elasticsearch.index(
            index=hit["_index"], id="f" * 32, refresh=True,
            document=msgspec.to_builtins(later) | {"indexed_at": f"209{number}-01-01T00:00:00Z"},
        )  # fmt: skip
        if number == 0:
            await asyncio.sleep(5)
    told = next(line for line in lines if line.startswith(b"event:"))
    assert told == b"event: changed"
    stream.close()
    assert "data-live" in web.get(console, timeout=10).text
