"""The whole chain beside a bare loader and other ways to run the same work.

    python -m benchmarks.chain [--items 20000] [--rounds 5] [--only tingchao,loader]

Items per second from a full topic to documents in Elasticsearch (and briefs on the
topic `opinions`). Every way but `first-try` uses the same batch function and the
same Elasticsearch writes; each runs in a process of its own, in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.util
import json
import os
import resource

from benchmarks import corpus
from benchmarks.common import fill, measure, open_stack, rounds, table, unique
from infra.setup import prepare

WAYS = ("loader", "tingchao", "confluent-kafka", "quixstreams", "bytewax", "first-try")
NEEDS = {"confluent-kafka": "confluent_kafka", "quixstreams": "quixstreams", "bytewax": "bytewax"}
FIRST_TRY_SHARE = 20  # the first try is slow: it gets this part of the items


def one(way: str, items: int, prefix: str) -> None:
    """Run one way to the end and print its figure."""
    config, endpoints = open_stack()
    config = config.model_copy(update={"prefix": prefix})
    module = importlib.import_module(f"benchmarks.ways.{way.replace('-', '_')}")
    seconds = module.run(config, endpoints, items)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rate": items / seconds, "memory_mb": memory}), flush=True)
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(WAYS))
    parser.add_argument("--one", nargs=2)
    options = parser.parse_args()
    if options.one:
        one(options.one[0], options.items, options.one[1])
        return
    chosen = [way for way in options.only.split(",") if _there(way)]
    values = corpus.values(options.items)
    config, endpoints = open_stack()
    memory: dict[str, float] = {}

    def run(way: str, number: int) -> float:
        count = options.items // FIRST_TRY_SHARE if way == "first-try" else options.items
        fresh = config.model_copy(update={"prefix": unique(way)})
        asyncio.run(_ready(fresh, endpoints, values[:count] if way != "loader" else []))
        found = measure(
            "benchmarks.chain", ["--one", way, fresh.prefix, "--items", str(count)], fresh.prefix
        )
        asyncio.run(_clean(fresh, endpoints))
        memory[way] = max(memory.get(way, 0), found["memory_mb"])
        return found["rate"]

    results = rounds(chosen, run, options.rounds)
    size = sum(map(len, values)) // len(values)
    for base in ("loader", "confluent-kafka", "first-try"):
        if base in results:
            table(f"Topic → Elasticsearch, {options.items} items of {size} bytes", results, base)
    print("peak memory of the process, MB: "
          + ", ".join(f"{way} {value:.0f}" for way, value in memory.items()))  # fmt: skip


def _there(way: str) -> bool:
    package = NEEDS.get(way)
    if package and importlib.util.find_spec(package) is None:
        print(f"{way} is left out: {package} is not installed (make bench installs it)")
        return False
    return True


async def _ready(config, endpoints, values) -> None:  # type: ignore[no-untyped-def]
    await prepare(config, endpoints)
    if values:
        await fill(config, endpoints, values)


async def _clean(config, endpoints) -> None:  # type: ignore[no-untyped-def]
    from infra import clients

    client = clients.elasticsearch(config, endpoints)
    for name in await client.indices.get(index=f"{config.prefix}*"):
        await client.indices.delete(index=name)
    await client.indices.delete_index_template(name=f"{config.prefix}*")
    await client.close()


if __name__ == "__main__":
    main()
