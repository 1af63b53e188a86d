"""The real stack, started once for the whole run; a prefix of its own for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch
from xdist.scheduler import LoadScopeScheduling

from infra import clients
from infra.settings import PROJECT, Settings, settings
from infra.setup import prepare
from infra.stack import Endpoints, stack
from infra.stack.docker import COMPOSE, DockerStack
from tests.integration.crawling import command, environment

DEMO = "demo-"  # the prefix of the demo corpus
OF_CORPUS = ("tests/browser/", "tests/integration/test_search_quality.py")
APART = 1_000  # between the ports of two processes of one run


class OneCorpus(LoadScopeScheduling):
    """Tests go where there is room, one by one; those of the demo corpus to one process, for it
    takes a minute to make. (xdist's own groups do nothing with pytest 9.)"""

    def _split_scope(self, nodeid: str) -> str:
        return "corpus" if nodeid.startswith(OF_CORPUS) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneCorpus:
    return OneCorpus(config, log)


@pytest.fixture(scope="session")
def data(worker_id: str) -> Iterator[Path]:
    """A data folder and ports of this process alone; another one of the run has its own servers."""
    number = int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    for name, field in Settings.model_fields.items():
        if name.endswith("_port"):
            variable = f"TINGCHAO_{name.upper()}"
            first = int(os.environ.get(variable, field.default))
            os.environ[variable] = str(first + APART * number)
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


@pytest.fixture(scope="session")
def corpus(data: Path, endpoints: Endpoints) -> Iterator[dict[str, str]]:
    """The demo corpus crawled, analysed and stored, once a run; the environment to reach it."""
    # Twice crawled is twice stored: of the servers' data the prefix is this fixture's alone.
    env = environment() | {
        "TINGCHAO_PREFIX": DEMO, "TINGCHAO_DATA": str(data / "demo"),
        "TINGCHAO_STACK": "external", "TINGCHAO_KAFKA_BOOTSTRAP": endpoints.kafka,
        "TINGCHAO_ELASTICSEARCH_URL": endpoints.elasticsearch, "TINGCHAO_CONSOLE_LOOPBACK": "1",
    }  # fmt: skip
    done = subprocess.run(
        command("run", "--once", "--json"), cwd=PROJECT, env=env, capture_output=True, text=True,
        timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    yield env
    url = endpoints.elasticsearch
    for name in requests.get(f"{url}/{DEMO}*?expand_wildcards=all", timeout=30).json():
        requests.delete(f"{url}/{name}", timeout=30)
    requests.delete(f"{url}/_index_template/{DEMO}*", timeout=30)


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
    await client.indices.delete(index=",".join(names))
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
