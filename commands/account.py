"""`tingchao account`: what became of every item, counted by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import typer

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from infra.accounts import Account
    from infra.settings import Settings
    from infra.stack import Endpoints


def register(app: typer.Typer) -> None:
    @app.command()
    def account() -> None:
        """Items = documents + duplicates + dead letters, counted by id; exit code 1 when not."""
        from commands.elastic import with_elasticsearch
        from infra.accounts import account as count

        async def ask(
            config: Settings, endpoints: Endpoints, client: AsyncElasticsearch
        ) -> Account:
            await client.indices.refresh(index=f"{config.prefix}opinions")
            return await count(config, endpoints, client)

        found = with_elasticsearch(ask)
        left = found.unsettled
        line = found.totals() | {"missing": len(left), "examples": left[:10]}
        print(orjson.dumps(line).decode())
        if left:
            raise typer.Exit(1)
