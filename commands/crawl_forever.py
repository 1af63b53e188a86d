"""`tingchao crawl --forever`: the scheduler, its metrics, the state of the sources."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commands.crawl_told import tell

if TYPE_CHECKING:
    from crawlers.sources import Source
    from crawlers.summary import Summary


def run_forever(
    folder: Path, places: dict[str, str], out: str | None, memory: Path | None, jobs: int
) -> None:
    from prometheus_client import start_http_server

    from crawlers import report
    from crawlers.forever import Forever
    from crawlers.kafka import endpoints
    from infra import logs
    from infra.settings import settings
    from infra.stack.process import free_port

    logs.configure()
    config = settings()
    memory = memory or Path(f"{out}.sqlite")
    options = ["--memory", str(memory)]
    for name, value in places.items():
        options += [f"--{name}-url", value]
    if out:
        options += ["--out", out, "--append"]

    def told(found: Summary, source: Source) -> None:
        tell([found], False, sys.stdout)
        sys.stdout.flush()
        report.count(found, source)
        reporter.wake.set()

    scheduler = Forever(folder, places, memory, options, jobs, told)
    where = None if out else endpoints(config)
    reporter = report.Reporter(
        memory, lambda: [source for source, _ in scheduler.sources.values()], config,
        where if where and where.elasticsearch else None,
    )  # fmt: skip
    port = free_port(config.metrics_port, set())
    start_http_server(port, config.host)
    print(f"metrics http://{config.host}:{port}/metrics", flush=True)
    reporter.start()
    scheduler.run()
