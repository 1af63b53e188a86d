"""`tingchao lag`: how far each agent is behind its topic."""

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
