"""`tingchao status`: one screen on how things stand."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from infra.status import Status

LOW_DISK = 5 << 30  # bytes
WELL = {"fine", "new"}  # states of a source


def register(app: typer.Typer) -> None:
    @app.command()
    def status(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
        """Workers, lag, dead letters, sources, open alerts, the last audit, disk."""
        import orjson

        from commands.elastic import with_elasticsearch
        from infra.status import status as look

        logging.disable(logging.CRITICAL)  # what fails is in the answer
        found = with_elasticsearch(look)
        if as_json:
            print(orjson.dumps(asdict(found)).decode())
        else:
            _print(found)


def _print(found: Status) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2))
    for name, value, bad in _lines(found):
        table.add_row(name, f"[red]{value}[/]" if bad else value)
    Console().print(table)


def _lines(found: Status) -> list[tuple[str, str, bool]]:
    """(what, how it stands, whether somebody has to look)."""
    workers = "，".join(f"{agent} {len(hosts)}" for agent, hosts in found.workers.items())
    lag = "，".join(f"{agent} {count}" for agent, count in found.lag.items())
    states = {"fine": "正常", "new": "新", "silent": "无声", "broken": "中断", "layout": "改版"}
    sources = "，".join(
        f"{states[state]} {len(names)}" + ("" if state in WELL else f"（{'、'.join(names[:5])}）")
        for state, names in found.sources.items()
    )
    alerts = "，".join(f"{level} 级 {count}" for level, count in sorted(found.alerts.items()))
    audit = found.audit
    return [
        ("代理", workers, any(not hosts for hosts in found.workers.values())),
        ("积压", lag, False),
        ("集群", f"{found.cluster}，文档 {found.documents}", found.cluster == "red"),
        ("最近入库", f"{at:%Y-%m-%d %H:%M:%S} UTC" if (at := found.written_at) else "无", False),
        ("待处理死信", str(found.dead_letters), found.dead_letters > 0),
        ("来源", sources or "没有记录", bool(set(found.sources) - WELL)),
        ("未办结预警", f"{alerts or '无'}；无人应答 {found.unanswered}", found.unanswered > 0),
        (
            "最近审计",
            f"{audit['at'][:19]} UTC：采集 {audit['items']}，缺失 {audit['missing']}"
            if audit else "没有记录",
            bool(audit and audit["missing"]),
        ),
        ("磁盘剩余", f"{found.free_bytes / (1 << 30):.1f} GB", found.free_bytes < LOW_DISK),
    ]  # fmt: skip
