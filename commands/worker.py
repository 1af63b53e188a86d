"""`tingchao worker`: any set of agents in this process."""

from __future__ import annotations

import asyncio

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def worker(
        agents: str = typer.Option(
            "analyse,events,alerts,notify,deadlines,trends", help="comma list"
        ),
    ) -> None:
        """Run agents until SIGTERM: analyse, events, alerts, notify, deadlines, trends."""
        from infra import logs
        from infra.settings import settings
        from infra.setup import prepare
        from infra.stack import stack
        from streams.worker import check, work

        names = [name.strip() for name in agents.split(",") if name.strip()]
        check(names)
        logs.configure()
        config = settings()
        endpoints = stack(config).endpoints()
        asyncio.run(prepare(config, endpoints))
        asyncio.run(work(config, endpoints, names))
