"""A bare loader: the same documents, made beforehand, only written in bulk."""

from __future__ import annotations

import asyncio
import time

from benchmarks import corpus
from benchmarks.ways.batch_function import BatchFunction
from infra import bulk, clients
from infra.bulk import Document
from infra.settings import Settings
from infra.stack import Endpoints


def run(config: Settings, endpoints: Endpoints, items: int) -> float:
    values = corpus.values(items)
    function = BatchFunction(config)
    batches = [function(values[n : n + 500])[0] for n in range(0, items, 500)]
    return asyncio.run(_load(config, endpoints, batches))


async def _load(config: Settings, endpoints: Endpoints, batches: list[list[Document]]) -> float:
    client = clients.elasticsearch(config, endpoints)
    room = asyncio.Semaphore(3)  # batches under way, as the chain has

    async def load(batch: list[Document]) -> None:
        async with room:
            assert not await bulk.write(client, batch)

    started = time.perf_counter()
    await asyncio.gather(*(load(batch) for batch in batches))
    took = time.perf_counter() - started
    await client.close()
    return took
