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
    from infra.stack import Endpoints, Stack
    from infra.supervisor import Child

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
    from filelock import FileLock, Timeout

    from infra import accounts
    from infra.setup import prepare
    from infra.stack import is_up, stack
    from infra.stack.process import free_port
    from schemas import topics

    config.data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(config.data / "run.lock", blocking=False)
    try:
        running.enter_context(lock)
    except Timeout:
        raise UserError(
            f"another `tingchao run` works with {config.data}",
            "use its console, end it, or set TINGCHAO_DATA to another folder",
        ) from None
    with progress() as report:
        servers = stack(config)
        if not is_up(servers):
            running.callback(_down, servers)
        endpoints = servers.up(report)
        asyncio.run(prepare(config, endpoints))
        since = asyncio.run(accounts.end_offsets(config, endpoints, topics.RAW))
        site_port = free_port(config.demo_port, set())
        console_port = None if once else free_port(config.console_port, {site_port})
        intake_port = free_port(config.intake_port, {site_port, console_port or 0})
        children = _start(config, site_port, intake_port, console_port, running)
        if console_port:
            _wait_for_page(f"http://{config.host}:{console_port}/ready", children[-1])
            print(f"控制台 http://{config.host}:{console_port}", flush=True)
            _wait_for_page(f"http://{config.host}:{intake_port}/ready", children[-2])
            print(f"报送 http://{config.host}:{intake_port}", flush=True)
        _crawl(config, f"http://127.0.0.1:{site_port}", children, running, report)
        _settle(config, endpoints, children, report)
    account = asyncio.run(_account(config, endpoints, since))
    _say(account.totals() | {"seconds": round(time.monotonic() - started, 1)}, json)
    if account.missing:
        raise UserError(
            f"{len(account.missing)} items are not settled, {account.missing[0]} among them",
            f"see the logs in {config.data / 'logs'}",
        )
    if once:
        return
    children.append(_forever(config, f"http://127.0.0.1:{site_port}", running))
    print(f"日志 {config.data / 'logs'} · 按 Ctrl-C 停止", flush=True)
    while True:
        _watch(children)
        if not is_up(servers):
            print("Kafka 或 Elasticsearch 停了，正在重新启动（数据不会丢失）", file=sys.stderr)
            servers.up(lambda what, done, of: None)
            print("Kafka 与 Elasticsearch 已恢复", file=sys.stderr, flush=True)
        time.sleep(0.5)


def _start(
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


def _crawl(
    config: Settings, site: str, children: list[Child], running: ExitStack, report: Report
) -> None:
    from infra.supervisor import Child, wait_for

    _wait_for_page(f"{site}/robots.txt", children[0])
    crawl = Child("crawl", ["crawl", "--all", "--again", "--demo-url", site], config.data / "logs")
    running.callback(crawl.stop)
    report("采集演示站点", 0, 1)
    crawl.start()
    deadline = time.monotonic() + CRAWL_SECONDS
    while crawl.code is None and time.monotonic() < deadline:
        _watch(children)
        time.sleep(0.2)
    wait_for(crawl, 1)
    report("采集演示站点", 1, 1)


def _forever(config: Settings, site: str, running: ExitStack) -> Child:
    """From here on each source at its interval."""
    from infra.supervisor import Child

    crawler = Child("crawler", ["crawl", "--forever", "--demo-url", site], config.data / "logs")
    running.callback(crawler.stop)
    crawler.start()
    return crawler


def _watch(children: list[Child]) -> None:
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


def _settle(
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


def _wait_for_page(url: str, child: Child) -> None:
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


def _down(servers: Stack) -> None:
    stopped = servers.down()
    if stopped:
        print("已停止 Kafka 与 Elasticsearch（数据保留）", file=sys.stderr)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
