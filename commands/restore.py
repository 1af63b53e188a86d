"""`tingchao restore DIR`: what `tingchao backup` wrote; the higher version stays."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def restore(
        folder: Annotated[Path, typer.Argument(help="made by tingchao backup")],
        files: Annotated[bool, typer.Option("--files", help="configuration and state too")] = False,
    ) -> None:
        """Check the backup, then write what is not there in a newer version."""
        from commands.elastic import with_elasticsearch
        from commands.progress import progress
        from infra import dump
        from infra.settings import settings
        from infra.setup import prepare
        from infra.stack import stack
        from schemas.errors import UserError

        config = settings()
        manifest = dump.check(folder)
        asyncio.run(prepare(config, stack(config).endpoints()))
        with progress() as report:
            refused = with_elasticsearch(
                lambda c, _, client: dump.restore(c, client, folder, manifest, report)
            )
        if files:
            for name in dump.restore_files(config, folder, manifest):
                print(f"恢复 {name}")
        documents = sum(part.documents for part in manifest.parts)
        made = f"{manifest.made_at:%Y-%m-%d %H:%M} UTC"
        print(f"{documents - len(refused)} 个文档已恢复（{made} 的备份）")
        if refused:
            first = refused[0]
            raise UserError(
                f"{len(refused)} documents were refused, {first.document.id}: {first.reason}",
                "this release has another mapping; restore with the release that made it",
            )
