"""`tingchao reindex INDEX`: today's mapping behind the same name, while writing goes on."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def reindex(
        index: Annotated[str, typer.Argument(help="opinions, events, alerts, deliveries, …")],
    ) -> None:
        """Copy into a new index with today's mapping and put it in the old one's place."""
        from commands.elastic import with_elasticsearch
        from commands.progress import progress
        from infra.reindex import reindex as work

        with progress() as report:
            done = with_elasticsearch(lambda c, _, client: work(c, client, index, report))
        for each in done:
            print(
                f"{each.old} → {each.new}：{each.documents} 个文档，"
                f"写入等待 {each.blocked_seconds:.2f} 秒"
            )
