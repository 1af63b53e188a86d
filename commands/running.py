"""The parts of `tingchao run`: its child processes, and waiting for them."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from commands.progress import Report
from schemas.errors import UserError

if TYPE_CHECKING:
    from infra.settings import Settings
    from infra.stack import Endpoints
    from infra.supervisor import Child

WORKERS = {"analyse": "analyse", "events": "events,alerts,notify,deadlines,trends"}
CRAWL_SECONDS = 600
SETTLE_SECONDS = 600


def start(
    config: Settings, site_port: int, intake_port: int, console_port: int | None,
    running: ExitStack,
) -> list[Child]:  # fmt: skip
    """The demo site, workers, intake and console; each ends when we do, the last first."""
    from infra.supervisor import Child

    logs = config.data / "logs"
    site = ["demo-site", "--port", str(site_port), "--anchor", _anchor(config)]
    children = [Child("demo-site", site, logs)]
    children += [Child(f"worker-{n}", ["worker", "--agents", a], logs) for n, a in WORKERS.items()]
    if console_port:
        children.append(Child("intake", ["intake", "--port", str(intake_port)], logs))
        children.append(Child("console", ["console", "--port", str(console_port)], logs))
    for child in children:
        running.callback(child.stop)
        child.start()
    return children


def crawl(
    config: Settings, site: str, children: list[Child], running: ExitStack, report: Report
) -> None:
    from infra.supervisor import Child, wait_for

    wait_for_page(f"{site}/robots.txt", children[0])
    job = Child("crawl", ["crawl", "--all", "--again", "--demo-url", site], config.data / "logs")
    running.callback(job.stop)
    report("采集演示站点", 0, 1)
    job.start()
    deadline = time.monotonic() + CRAWL_SECONDS
    while job.code is None and time.monotonic() < deadline:
        watch(children)
        time.sleep(0.2)
    wait_for(job, 1)
    report("采集演示站点", 1, 1)


def crawl_forever(config: Settings, site: str, running: ExitStack) -> Child:
    """From here on each source at its interval."""
    from infra.supervisor import Child

    crawler = Child("crawler", ["crawl", "--forever", "--demo-url", site], config.data / "logs")
    running.callback(crawler.stop)
    crawler.start()
    return crawler


def watch(children: list[Child]) -> None:
    for child in children:
        line = child.watch()
        if line:
            print(line, file=sys.stderr, flush=True)
        if child.stopped:
            raise UserError(
                f"{child.end_of_log(1).removeprefix('tingchao: ')}",
                f"mend it and start again; the log is {child.log}",
            )
        if child.restarts >= 5:
            raise UserError(
                f"{child.name} ended {child.restarts} times. The end of {child.log}:\n"
                f"{child.end_of_log()}\ntingchao: {child.name} does not stay up",
                "mend what its log says",
            )


def settle(
    config: Settings,
    endpoints: Endpoints,
    children: list[Child],
    report: Report,
) -> None:
    """Until no agent is behind, twice in a row, in the order of an item's way."""
    from infra.lag import lags

    deadline = time.monotonic() + SETTLE_SECONDS
    calm, most = 0, 1
    while calm < 2:
        behind = sum(lag.behind for lag in asyncio.run(lags(config, endpoints)))
        most = max(most, behind)
        calm = calm + 1 if behind == 0 else 0
        report("分析与入库", most - behind if behind or calm == 2 else most - 1, most)
        if time.monotonic() > deadline:
            raise UserError(f"{behind} messages are still waiting", "see the workers' logs")
        watch(children)
        time.sleep(0.4)


def wait_for_page(url: str, child: Child) -> None:
    import requests

    for _ in range(300):
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            pass
        if child.code is not None:
            break
        time.sleep(0.1)
    raise UserError(
        f"{child.name} did not start. The end of {child.log}:\n{child.end_of_log()}\n"
        f"tingchao: {child.name} did not start",
        "mend what its log says",
    )


def _anchor(config: Settings) -> str:
    """The story's now, kept: the same pages, and so the same ids, at the next run."""
    from datetime import datetime

    from response.message import CHINA

    file = config.data / "demo-anchor"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(datetime.now(CHINA).strftime("%Y-%m-%dT%H:%M:%S"))
    return file.read_text().strip()
