"""Topics and indices made ready; doing it again changes nothing."""

from __future__ import annotations

from infra import clients, indices, topics
from infra.patience import patiently
from infra.settings import Settings
from infra.stack import Endpoints


async def prepare(settings: Settings, endpoints: Endpoints) -> None:
    await topics.create(settings, endpoints)
    client = clients.elasticsearch(settings, endpoints)
    try:
        await patiently(lambda: indices.install(client, settings))
    finally:
        await client.close()
