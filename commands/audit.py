"""`tingchao audit --since 24h`: per hour and source, what became of the items taken in."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from infra.audit import Row


def register(app: typer.Typer) -> None:
    @app.command()
    def audit(
        since: Annotated[str, typer.Option(help="7d, 24h, 30m or a date")] = "24h",
        as_json: Annotated[bool, typer.Option("--json", help="one line per hour, source")] = False,
    ) -> None:
        """Items = documents + duplicates + dead letters, per hour and source; code 1 when not."""
        import orjson

        from commands.elastic import with_elasticsearch
        from infra.audit import audit as count
        from schemas.when import since as when

        start = when(since, datetime.now(UTC))
        rows = with_elasticsearch(lambda config, at, client: count(config, at, client, start))
        if as_json:
            for row in rows:
                print(orjson.dumps(asdict(row) | {"waiting": len(row.waiting)}).decode())
        else:
            _print(rows)
        if any(row.missing for row in rows):
            raise typer.Exit(1)


def _print(rows: list[Row]) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table("时段（UTC）", "来源", "采集", "文档", "重复", "死信", "在途", "缺失")
    for row in rows:
        shown.add_row(
            row.hour, row.source or "(未知)", *map(str, (
                row.items, row.documents, row.duplicates, row.dead_letters, len(row.waiting),
                len(row.missing),
            )),
        )  # fmt: skip
    console = Console()
    console.print(shown)
    for row in rows:
        for key in row.missing:
            console.print(f"缺失 {row.hour} {row.source} {key}", style="red", highlight=False)
    if not any(row.missing for row in rows):
        console.print("采集 = 文档 + 重复 + 死信 + 在途：逐条核对，无缺失")
