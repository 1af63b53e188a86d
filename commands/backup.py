"""`tingchao backup DIR` and its way back, `tingchao restore DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def backup(folder: Annotated[Path, typer.Argument(help="a new folder")]) -> None:
        """All indices, configuration and state, with checksums, while traffic goes on."""
        from commands.elastic import with_elasticsearch
        from commands.progress import progress
        from infra.dump import save

        with progress() as report:
            found = with_elasticsearch(lambda c, _, client: save(c, client, folder, report))
        documents = sum(part.documents for part in found.parts)
        files = sum(1 for part in found.parts if not part.index)
        print(f"{folder}：{documents} 个文档，{files} 个配置与状态文件（含作者密钥，请妥善保管）")
