"""kill -9 in the middle of a full topic → all of it settled, beside a plain confluent-kafka loop.

    python -m benchmarks.recover [--items 8000] [--rounds 3]

Both are killed when a third is committed and started again at once; sessions last 10 s for
both. Seconds from the kill until everything is committed.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from benchmarks.common import ROOT, open_stack, rounds, table, unique
from benchmarks.workers import clean, ready, start
from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.topics import RAW

SESSION = 10  # seconds, as the setting kafka_session_seconds has it
PATIENCE = 300


def plain(prefix: str) -> None:
    """The plain loop, until it is killed."""
    from benchmarks.ways import confluent_kafka

    config, endpoints = open_stack()
    confluent_kafka.run(config.model_copy(update={"prefix": prefix}), endpoints, 10**9, SESSION)


async def committed(config: Settings, endpoints: Endpoints, group: str) -> int:
    admin = AIOKafkaAdminClient(**clients.kafka_options(config, endpoints))
    await admin.start()
    try:
        places = [TopicPartition(config.prefix + RAW.name, n) for n in range(RAW.partitions)]
        found = await admin.list_consumer_group_offsets(group, partitions=places)
        return sum(max(0, each.offset) for each in found.values())
    finally:
        await admin.close()


async def until(config: Settings, endpoints: Endpoints, group: str, count: int) -> None:
    deadline = time.perf_counter() + PATIENCE
    while await committed(config, endpoints, group) < count:
        assert time.perf_counter() < deadline, f"{group} does not get to {count}"
        await asyncio.sleep(0.1)


def recover(
    config: Settings, endpoints: Endpoints, group: str, items: int,
    begin: Callable[[], subprocess.Popen[bytes]],
) -> float:  # fmt: skip
    process = begin()
    try:
        asyncio.run(until(config, endpoints, group, items // 3))
        process.kill()
        process.wait()
        started = time.perf_counter()
        process = begin()
        asyncio.run(until(config, endpoints, group, items))
        return time.perf_counter() - started
    finally:
        process.kill()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=8_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain")
    options = parser.parse_args()
    if options.plain:
        plain(options.plain)
        return
    config, endpoints = open_stack()

    def run(name: str, number: int) -> float:
        fresh = config.model_copy(update={"prefix": unique("recover")})
        asyncio.run(ready(fresh, endpoints, options.items))
        group = f"{fresh.prefix}tingchao-analyse" if name == "tingchao" else f"{fresh.prefix}plain"
        with TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:

            def begin() -> subprocess.Popen[bytes]:
                if name == "tingchao":
                    return start(fresh, "analyse", log)
                command = [sys.executable, "-m", "benchmarks.recover", "--plain", fresh.prefix]
                return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

            seconds = recover(fresh, endpoints, group, options.items, begin)
        asyncio.run(clean(fresh, endpoints))
        return seconds

    results = rounds(["tingchao", "confluent-kafka"], run, options.rounds)
    table(f"kill -9 → drained, {options.items} items", results, "confluent-kafka", "seconds")


if __name__ == "__main__":
    main()
