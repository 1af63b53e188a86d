"""`tingchao console`: the pages for people, on loopback unless the setting `host` says else."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def console(
        port: int = typer.Option(0, help="0: the setting console_port, or a free one"),
    ) -> None:
        """Serve the console until Ctrl-C."""
        import uvicorn

        from console.app import create_app
        from infra.settings import settings
        from infra.stack import stack
        from infra.stack.process import free_port

        config = settings()
        chosen = port or free_port(config.console_port, set())
        print(f"console: http://{config.host}:{chosen}", flush=True)
        uvicorn.run(
            create_app(config, stack(config).endpoints()),
            host=config.host,
            port=chosen,
            log_level="warning",
            access_log=False,
        )
