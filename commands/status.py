"""`tingchao lag` and `tingchao account`: where the stream stands, and what became of the items."""

from __future__ import annotations

import asyncio

import orjson
import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def lag() -> None:
        """How far each agent is behind: one JSON line per agent and partition."""
        from infra.lag import lags
        from infra.settings import settings
        from infra.stack import stack

        config = settings()
        for each in asyncio.run(lags(config, stack(config).endpoints())):
            line = {
                "agent": each.agent, "topic": each.topic, "partition": each.partition,
                "committed": each.committed, "end": each.end, "lag": each.behind,
            }  # fmt: skip
            print(orjson.dumps(line).decode())

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
        line = found.totals() | {"missing": len(found.missing), "examples": found.missing[:10]}
        print(orjson.dumps(line).decode())
        if found.missing:
            raise typer.Exit(1)
