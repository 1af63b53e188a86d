"""`tingchao console`: the pages for people, on loopback unless the setting `host` says else."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def console(
        port: int = typer.Option(
            0, min=0, max=65_535, help="0: the setting console_port, or a free one"
        ),
    ) -> None:
        """Serve the console until Ctrl-C."""
        import sys

        import uvicorn

        from console.app import create_app
        from infra.settings import settings
        from infra.stack import stack
        from infra.stack.process import free_port
        from schemas.errors import UserError

        config = settings()
        chosen = free_port(port or config.console_port, set())
        if port and chosen != port:
            raise UserError(f"port {port} is in use", "give another --port, or none")
        if config.host not in ("127.0.0.1", "localhost", "::1"):
            print(f"注意：{config.host} 上的任何人都能打开控制台", file=sys.stderr)
        print(f"console: http://{config.host}:{chosen}", flush=True)
        uvicorn.run(
            create_app(config, stack(config).endpoints()),
            host=config.host,
            port=chosen,
            log_level="warning",
            access_log=False,
        )
