"""`tingchao account`: what became of every item, counted by id."""

from __future__ import annotations

import asyncio

import orjson
import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def account() -> None:
        """Items = documents + duplicates + dead letters, counted by id; exit code 1 when not."""
        from infra import clients
        from infra.accounts import Account
        from infra.accounts import account as count
        from infra.settings import settings
        from infra.stack import stack

        config = settings()
        endpoints = stack(config).endpoints()

        async def ask() -> Account:
            client = clients.elasticsearch(config, endpoints)
            try:
                await client.indices.refresh(index=f"{config.prefix}opinions")
                return await count(config, endpoints, client)
            finally:
                await client.close()

        found = asyncio.run(ask())
        left = found.unsettled
        line = found.totals() | {"missing": len(left), "examples": left[:10]}
        print(orjson.dumps(line).decode())
        if left:
            raise typer.Exit(1)
