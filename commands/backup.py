"""`tingchao backup DIR` and its way back, `tingchao restore DIR`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from infra.settings import Settings

T = TypeVar("T")


def register(app: typer.Typer) -> None:
    @app.command()
    def backup(folder: Annotated[Path, typer.Argument(help="a new folder")]) -> None:
        """All indices, configuration and state, with checksums, while traffic goes on."""
        from commands.progress import progress
        from infra.dump import save

        with progress() as report:
            found = with_elasticsearch(lambda c, client: save(c, client, folder, report))
        documents = sum(part.documents for part in found.parts)
        files = sum(1 for part in found.parts if not part.index)
        print(f"{folder}：{documents} 个文档，{files} 个配置与状态文件（含作者密钥，请妥善保管）")


def with_elasticsearch(work: Callable[[Settings, AsyncElasticsearch], Awaitable[T]]) -> T:
    from infra import clients
    from infra.settings import settings
    from infra.stack import stack

    config = settings()
    endpoints = stack(config).endpoints()

    async def inside() -> T:
        client = clients.elasticsearch(config, endpoints)
        try:
            return await work(config, client)
        finally:
            await client.close()

    return asyncio.run(inside())
