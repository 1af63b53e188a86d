"""A command's way to Elasticsearch: the configured stack and one client, closed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from infra.settings import Settings
    from infra.stack import Endpoints

T = TypeVar("T")


def with_elasticsearch(
    work: Callable[[Settings, Endpoints, AsyncElasticsearch], Awaitable[T]],
) -> T:
    """What `work` gives; UserError when the stack is not up."""
    from infra import clients
    from infra.settings import settings
    from infra.stack import stack

    config = settings()
    endpoints = stack(config).endpoints()

    async def inside() -> T:
        client = clients.elasticsearch(config, endpoints)
        try:
            return await work(config, endpoints, client)
        finally:
            await client.close()

    return asyncio.run(inside())
