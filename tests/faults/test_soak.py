"""Steady traffic for half an hour: the worker's memory stays flat, and nothing is lost.

TINGCHAO_SOAK_MINUTES sets how long (30). The window of fingerprints is set so small that it is
full after a tenth of the time: what is measured is what grows without bound, not what fills up.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from infra.stack import Endpoints
from tests.faults.checker import check, send
from tests.integration.workers import Worker, settled

MINUTES = float(os.environ.get("TINGCHAO_SOAK_MINUTES", "30"))
RATE = 40  # messages a second
WARM, TAIL = 0.2, 0.1  # shares of the time: where the comparison begins, how long its ends are
GROWTH = 1.05

pytestmark = [pytest.mark.slow, pytest.mark.timeout(int(MINUTES * 60) + 600)]


def memory(worker: Worker) -> int:
    """Resident bytes of the worker and of its model processes."""
    assert worker.process and worker.process.poll() is None, worker.log()
    parent = psutil.Process(worker.process.pid)
    return sum(each.memory_info().rss for each in [parent, *parent.children(recursive=True)])


async def test_memory_stays_flat_under_steady_traffic(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    seconds = MINUTES * 60
    monkeypatch.setenv("TINGCHAO_FINGERPRINTS", str(int(seconds * RATE * WARM / 2)))
    samples: list[tuple[float, int]] = []  # share of the time, bytes
    with Worker(tmp_path / "worker.log") as worker:
        await worker.started()
        began, rounds = time.monotonic(), 0
        sent = await send(producer, config, 0)
        while (passed := time.monotonic() - began) < seconds:
            more = await send(producer, config, RATE, seed=rounds)
            sent.good |= more.good
            sent.bad |= more.bad
            samples.append((passed / seconds, memory(worker)))
            rounds += 1
            await asyncio.sleep(max(0.0, began + rounds - time.monotonic()))
        await settled(config, endpoints, 120, worker)
        assert worker.stop() == 0, worker.log()
    before = statistics.median(rss for share, rss in samples if WARM <= share < WARM + TAIL)
    after = statistics.median(rss for share, rss in samples if share >= 1 - TAIL)
    shares = " ".join(
        f"{share:.0%}:{rss / 1e6:.0f}" for share, rss in samples[:: max(1, len(samples) // 20)]
    )
    print(
        f"{MINUTES:g} min, {len(sent.good) + len(sent.bad)} messages: "
        f"{before / 1e6:.1f} MB at {WARM:.0%}, {after / 1e6:.1f} MB at the end "
        f"({after / before - 1:+.1%}); MB by share of the time: {shares}"
    )
    await check(config, endpoints.kafka, elasticsearch, sent)
    assert after <= before * GROWTH
