"""What a worker says of itself: alive, ready when its state is rebuilt, and its metrics."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import requests

from infra.health import SILENT, Health, serve
from infra.settings import Settings
from infra.stack.process import free_port
from streams.worker import AGENTS
from tests.integration.workers import Worker


async def test_a_worker_is_alive_and_ready(config: Settings, tmp_path: Path) -> None:
    with Worker(tmp_path / "worker.log", ",".join(AGENTS)) as worker:
        await worker.started()
        found = re.search(r"http://[0-9.:]+", worker.log())
        assert found
        for _ in range(600):
            answer = requests.get(f"{found[0]}/readyz", timeout=5)
            if answer.ok:
                break
            await asyncio.sleep(0.1)
        assert answer.ok and all(answer.json()["agents"].values()), answer.text
        assert list(answer.json()["agents"]) == list(AGENTS)
        assert requests.get(f"{found[0]}/healthz", timeout=5).ok
        assert "tingchao_ready" in requests.get(f"{found[0]}/metrics", timeout=5).text
        assert requests.get(f"{found[0]}/", timeout=5).status_code == 404
        assert worker.stop() == 0, worker.log()


def test_a_loop_that_hangs_is_not_alive_and_one_that_stops_is_not_ready() -> None:
    now = [100.0]
    health = Health(["analyse"], lambda: now[0])
    port = free_port(0, set())
    server = serve(health, port, "127.0.0.1")

    def code(path: str) -> int:
        return requests.get(f"http://127.0.0.1:{port}{path}", timeout=5).status_code

    try:
        assert (code("/healthz"), code("/readyz")) == (200, 503)
        health.ready("analyse")
        assert (code("/healthz"), code("/readyz")) == (200, 200)
        now[0] += SILENT + 1
        assert (code("/healthz"), code("/readyz")) == (503, 503)
        health.beat()
        health.stopping()
        assert (code("/healthz"), code("/readyz")) == (200, 503)
    finally:
        server.shutdown()
