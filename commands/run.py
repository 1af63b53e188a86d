"""`tingchao run`: the whole system on this machine, until Ctrl-C or (--once) the corpus's end."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import orjson
import typer

from commands.progress import Report, progress
from schemas.errors import UserError

if TYPE_CHECKING:
    from infra.accounts import Account
    from infra.settings import Settings
    from infra.stack import Endpoints

WORKERS = {"analyse": "analyse", "events": "events,alerts,notify,deadlines"}
CRAWL_SECONDS = 600
SETTLE_SECONDS = 600


def register(app: typer.Typer) -> None:
    @app.command()
    def run(
        once: bool = typer.Option(False, help="the demo corpus through everything, then exit"),
        json: bool = typer.Option(False, "--json", help="the account as the last line"),
    ) -> None:
        """Start the stack, crawl the demo, analyse, index, alert, open the console."""
        from infra.settings import settings

        signal.signal(signal.SIGTERM, _interrupt)
        started = time.monotonic()
        with ExitStack() as running:
            try:
                _run(settings(), once, json, started, running)
            except KeyboardInterrupt:
                print("\n停止中：等待未完成的批次落定 …", file=sys.stderr)


def _run(config: Settings, once: bool, json: bool, started: float, running: ExitStack) -> None:
    from infra import accounts
    from infra.setup import prepare
    from infra.stack import stack
    from infra.stack.process import free_port
    from infra.supervisor import Child, wait_for
    from schemas import topics

    logs = config.data / "logs"
    with progress() as report:
        servers = stack(config)
        running.callback(_down, servers)
        endpoints = servers.up(report)
        asyncio.run(prepare(config, endpoints))
        since = asyncio.run(accounts.end_offsets(config, endpoints, topics.RAW))
        taken: set[int] = set()
        site_port = free_port(config.demo_port, taken)
        console_port = free_port(config.console_port, {site_port})
        site = f"http://127.0.0.1:{site_port}"
        anchor = ["--anchor", _anchor(config)]
        children = [Child("demo-site", ["demo-site", "--port", str(site_port), *anchor], logs)]
        children += [
            Child(f"worker-{n}", ["worker", "--agents", a], logs) for n, a in WORKERS.items()
        ]
        if not once:
            children.append(Child("console", ["console", "--port", str(console_port)], logs))
        for child in children:
            running.callback(child.stop)
            child.start()
        _wait_for_site(site, children[0])
        crawl = Child("crawl", ["crawl", "--all", "--demo-url", site], logs)
        running.callback(crawl.stop)
        crawl.start()
        done = 0
        report("采集演示站点", done, 1)
        while crawl.code is None:
            _watch(children)
            time.sleep(0.2)
        wait_for(crawl, CRAWL_SECONDS)
        report("采集演示站点", 1, 1)
        _settle(config, endpoints, children, report)
    account = asyncio.run(_account(config, endpoints, since))
    seconds = time.monotonic() - started
    line = account.totals() | {"seconds": round(seconds, 1)}
    _say(line, json)
    if account.missing:
        raise UserError(
            f"{len(account.missing)} items are not settled, {account.missing[0]} among them",
            f"see the logs in {logs}",
        )
    if once:
        return
    print(f"控制台 http://{config.host}:{console_port}", flush=True)
    print(f"演示站点 {site} · 日志 {logs} · 按 Ctrl-C 停止", flush=True)
    while True:
        _watch(children)
        time.sleep(0.5)


def _watch(children: list) -> None:  # type: ignore[type-arg]
    for child in children:
        line = child.watch()
        if line:
            print(line, file=sys.stderr, flush=True)
        if child.restarts >= 5:
            raise UserError(
                f"{child.name} ended {child.restarts} times. The end of {child.log}:\n"
                f"{child.end_of_log()}\ntingchao: {child.name} does not stay up",
                "mend what its log says",
            )


def _settle(
    config: Settings,
    endpoints: Endpoints,
    children: list,
    report: Report,  # type: ignore[type-arg]
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
        _watch(children)
        time.sleep(0.4)


async def _account(config: Settings, endpoints: Endpoints, since: dict[int, int]) -> Account:
    from infra import clients
    from infra.accounts import account

    client = clients.elasticsearch(config, endpoints)
    try:
        await client.indices.refresh(index=",".join(
            config.prefix + alias for alias in ("opinions", "events", "alerts")
        ))  # fmt: skip
        return await account(config, endpoints, client, since)
    finally:
        await client.close()


def _say(line: dict[str, float], json: bool) -> None:
    if json:
        print(orjson.dumps(line).decode(), flush=True)
        return
    names = {
        "items": "采集", "documents": "文档", "duplicates": "重复", "dead_letters": "死信",
        "events": "事件", "alerts": "预警", "seconds": "秒",
    }  # fmt: skip
    print(" · ".join(f"{names[key]} {value}" for key, value in line.items()), flush=True)


def _wait_for_site(site: str, child: object) -> None:
    import requests

    for _ in range(300):
        try:
            requests.get(f"{site}/robots.txt", timeout=2)
            return
        except requests.RequestException:
            if child.code is not None:  # type: ignore[attr-defined]
                break
            time.sleep(0.1)
    raise UserError(
        f"the demo site did not start. The end of {child.log}:\n{child.end_of_log()}\n"  # type: ignore[attr-defined]
        "tingchao: the demo site did not start",
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


def _down(servers: object) -> None:
    stopped = servers.down()  # type: ignore[attr-defined]
    if stopped:
        print("已停止 Kafka 与 Elasticsearch（数据保留）", file=sys.stderr)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
