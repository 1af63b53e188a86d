"""The real stack, started once for the whole run; a prefix of its own for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra import clients
from infra.settings import Settings, settings
from infra.setup import prepare
from infra.stack import Endpoints, stack
from infra.stack.docker import COMPOSE, DockerStack


@pytest.fixture(scope="session")
def data() -> Iterator[Path]:
    """A data folder of this run alone."""
    folder = Path(tempfile.mkdtemp(prefix="tingchao test "))
    folder.chmod(0o755)  # as root the servers run as another account
    os.environ["TINGCHAO_DATA"] = str(folder)
    os.environ.setdefault("TINGCHAO_ELASTICSEARCH_HEAP", "768m")
    settings.cache_clear()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def endpoints(data: Path) -> Iterator[Endpoints]:
    config = settings()
    found = stack(config)
    if isinstance(found, DockerStack):
        from testcontainers.compose import DockerCompose

        os.environ.update(found.environment())
        with DockerCompose(COMPOSE.parent, COMPOSE.name, wait=True):
            yield found.endpoints()
        return
    try:
        yield found.up(lambda what, done, of: None)
    finally:
        found.down()


@pytest.fixture
async def config(endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Settings]:
    """Settings whose prefix no other test has; topics and indices are ready."""
    prefix = f"t{uuid.uuid4().hex[:8]}-"
    monkeypatch.setenv("TINGCHAO_PREFIX", prefix)
    monkeypatch.setenv("TINGCHAO_KAFKA_BOOTSTRAP", endpoints.kafka)
    monkeypatch.setenv("TINGCHAO_ELASTICSEARCH_URL", endpoints.elasticsearch)
    settings.cache_clear()
    found = settings()
    await prepare(found, endpoints)
    yield found
    settings.cache_clear()
    client = clients.elasticsearch(found, endpoints)
    names = await client.indices.get(index=f"{prefix}*", expand_wildcards="all")
    for name in names:
        await client.indices.delete(index=name)
    await client.indices.delete_index_template(name=f"{prefix}*")
    await client.close()


@pytest.fixture
async def elasticsearch(
    config: Settings, endpoints: Endpoints
) -> AsyncIterator[AsyncElasticsearch]:
    client = clients.elasticsearch(config, endpoints)
    yield client
    await client.close()


@pytest.fixture
async def producer(config: Settings, endpoints: Endpoints) -> AsyncIterator[AIOKafkaProducer]:
    found = clients.producer(config, endpoints)
    await found.start()
    yield found
    await found.stop()
