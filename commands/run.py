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

from commands.progress import progress
from commands.running import crawl, crawl_forever, settle, start, wait_for_page, watch
from schemas.errors import UserError

if TYPE_CHECKING:
    from infra.accounts import Account
    from infra.settings import Settings
    from infra.stack import Endpoints, Stack


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

    from infra.records import end_offsets
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
        since = asyncio.run(end_offsets(config, endpoints, topics.RAW))
        site_port = free_port(config.demo_port, set())
        console_port = None if once else free_port(config.console_port, {site_port})
        intake_port = free_port(config.intake_port, {site_port, console_port or 0})
        first = _first_admin() if console_port else None
        children = start(config, site_port, intake_port, console_port, running)
        if console_port:
            wait_for_page(f"http://{config.host}:{console_port}/ready", children[-1])
            print(f"控制台 http://{config.host}:{console_port}", flush=True)
            if first:
                print(f"首次登录：admin，一次性密码（只显示这一次）{first}", flush=True)
            wait_for_page(f"http://{config.host}:{intake_port}/ready", children[-2])
            print(f"报送 http://{config.host}:{intake_port}", flush=True)
        crawl(config, f"http://127.0.0.1:{site_port}", children, running, report)
        settle(config, endpoints, children, report)
    account = asyncio.run(_account(config, endpoints, since))
    _say(account.totals() | {"seconds": round(time.monotonic() - started, 1)}, json)
    if left := account.unsettled:
        raise UserError(
            f"{len(left)} items are not settled, {left[0]} among them",
            f"see the logs in {config.data / 'logs'}",
        )
    if once:
        return
    children.append(crawl_forever(config, f"http://127.0.0.1:{site_port}", running))
    print(f"日志 {config.data / 'logs'} · 按 Ctrl-C 停止", flush=True)
    while True:
        watch(children)
        if not is_up(servers):
            print("Kafka 或 Elasticsearch 停了，正在重新启动（数据不会丢失）", file=sys.stderr)
            servers.up(lambda what, done, of: None)
            print("Kafka 与 Elasticsearch 已恢复", file=sys.stderr, flush=True)
        time.sleep(0.5)


def _first_admin() -> str | None:
    """Made here, so that its password is on the terminal and in no log."""
    from commands.elastic import with_elasticsearch
    from console.access.first import first_admin

    return with_elasticsearch(lambda config, _, client: first_admin(config, client))


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


def _down(servers: Stack) -> None:
    stopped = servers.down()
    if stopped:
        print("已停止 Kafka 与 Elasticsearch（数据保留）", file=sys.stderr)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
