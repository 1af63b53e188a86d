"""What the benchmarks share: a filled topic, interleaved rounds, medians of ratios."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra import clients, topics
from infra.settings import Settings, settings
from infra.stack import Endpoints, stack
from schemas.topics import RAW, Topic

ROOT = Path(__file__).resolve().parent.parent


def open_stack() -> tuple[Settings, Endpoints]:
    found = settings()
    return found, stack(found).up(lambda what, done, of: None)


def unique(name: str) -> str:
    return f"bench-{name}-{uuid.uuid4().hex[:8]}."


async def fill(
    config: Settings, endpoints: Endpoints, values: Iterable[bytes], topic: Topic = RAW
) -> int:
    """Create the topics under the settings' prefix and fill one; how many messages."""
    await topics.create(config, endpoints)
    producer = clients.producer(config, endpoints)
    await producer.start()
    futures: list[asyncio.Future[object]] = []
    count = 0
    try:
        for count, value in enumerate(values, start=1):
            name = config.prefix + topic.name
            partition = (count // 100) % topic.partitions
            futures.append(await producer.send(name, value, partition=partition))
            if len(futures) >= 5_000:
                await asyncio.gather(*futures)
                futures.clear()
        await asyncio.gather(*futures)
    finally:
        await producer.stop()
    return count


def measure(module: str, arguments: Sequence[str], prefix: str) -> dict[str, float]:
    """Run a part of a benchmark in a process of its own; its last line is JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "TINGCHAO_PREFIX": prefix},
        capture_output=True,
        text=True,
        timeout=600,
    )
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def rounds(
    names: Sequence[str], run: Callable[[str, int], float], count: int
) -> dict[str, list[float]]:
    """`count` rounds, each name once a round, in turn; the order turns with the round."""
    results: dict[str, list[float]] = {name: [] for name in names}
    for number in range(count):
        turned = list(names[number % len(names) :]) + list(names[: number % len(names)])
        for name in turned:
            started = time.perf_counter()
            results[name].append(run(name, number))
            print(
                f"round {number + 1}/{count} {name}: {results[name][-1]:,.0f}/s "
                f"({time.perf_counter() - started:.0f} s)",
                file=sys.stderr,
            )
    return results


def table(title: str, results: dict[str, list[float]], base: str, unit: str = "items/s") -> None:
    """Medians, and the median of the ratios round by round against `base`."""
    shown = Table(title=f"{title}\n{machine()} · {len(results[base])} rounds")
    for column in ("", unit, "min–max", f"ratio to {base} (median of rounds)"):
        shown.add_column(column)
    digits = 1 if unit == "seconds" else 0
    for name, values in results.items():
        ratios = [value / other for value, other in zip(values, results[base], strict=True)]
        shown.add_row(
            name,
            f"{statistics.median(values):,.{digits}f}",
            f"{min(values):,.{digits}f}–{max(values):,.{digits}f}",
            f"{statistics.median(ratios):.2f}",
        )
    Console(width=110).print(shown)


def machine() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    python = platform.python_version()
    return f"{os.cpu_count()} cores · {platform.machine()} · Python {python} · commit {commit}"
