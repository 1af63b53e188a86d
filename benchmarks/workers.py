"""Real workers in processes of their own; as a program: two of `analyse` beside one.

python -m benchmarks.workers [--items 12000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import corpus
from benchmarks.common import ROOT, fill, open_stack, rounds, table, unique
from infra import clients
from infra.lag import lags
from infra.settings import Settings
from infra.setup import prepare
from infra.stack import Endpoints

DRAIN_SECONDS = 300


@contextmanager
def working(
    config: Settings, agents: Sequence[str], **more: str
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """One worker for each entry (`analyse`, `events,alerts,…`), until the block ends."""
    with TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        running = [start(config, each, log, **more) for each in agents]
        try:
            yield running
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(40)


def start(config: Settings, agents: str, log: object, **more: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "TINGCHAO_PREFIX": config.prefix, "PYTHONPATH": str(ROOT), **more}
    command = [sys.executable, "-m", "tingchao", "worker", "--agents", agents]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)  # type: ignore[call-overload]


async def behind(config: Settings, endpoints: Endpoints, agents: Sequence[str]) -> int:
    return sum(lag.behind for lag in await lags(config, endpoints, agents))


async def first_commit(config: Settings, endpoints: Endpoints) -> None:
    while all(lag.committed < 1 for lag in await lags(config, endpoints, ["analyse"])):
        await asyncio.sleep(0.05)


async def drain(
    config: Settings, endpoints: Endpoints, agents: Sequence[str] = ("analyse",)
) -> tuple[int, float]:
    """(items, seconds) from the first commit until these agents have settled items.raw."""
    await asyncio.wait_for(first_commit(config, endpoints), 120)
    started, left = time.perf_counter(), await behind(config, endpoints, ["analyse"])
    while await behind(config, endpoints, agents):
        await asyncio.sleep(0.05)
        assert time.perf_counter() - started < DRAIN_SECONDS, "does not drain"
    return left, time.perf_counter() - started


async def ready(config: Settings, endpoints: Endpoints, count: int, seed: int = 11) -> None:
    await prepare(config, endpoints)
    await fill(config, endpoints, corpus.values(count, seed))


async def clean(config: Settings, endpoints: Endpoints) -> None:
    client = clients.elasticsearch(config, endpoints)
    for name in await client.indices.get(index=f"{config.prefix}*"):
        await client.indices.delete(index=name)
    await client.indices.delete_index_template(name=f"{config.prefix}*")
    await client.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=12_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    config, endpoints = open_stack()

    def run(name: str, number: int) -> float:
        fresh = config.model_copy(update={"prefix": unique("workers")})
        asyncio.run(ready(fresh, endpoints, options.items))
        with working(fresh, ["analyse"] * (2 if name == "two" else 1)):
            items, seconds = asyncio.run(drain(fresh, endpoints))
        asyncio.run(clean(fresh, endpoints))
        return items / seconds

    results = rounds(["one", "two"], run, options.rounds)
    table(f"Workers of `analyse`, {options.items} items", results, "one")


if __name__ == "__main__":
    main()
