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
        import contextlib
        import sys

        import uvicorn
        from elastic_transport import TransportError

        from commands.elastic import with_elasticsearch
        from console.access.first import first_admin
        from console.access.gate import secure
        from console.app import create_app
        from infra.settings import settings
        from infra.stack import stack
        from infra.stack.process import free_port
        from schemas.errors import UserError

        config = settings()
        chosen = free_port(port or config.console_port, set())
        if port and chosen != port:
            raise UserError(f"port {port} is in use", "give another --port, or none")
        if config.host not in ("127.0.0.1", "localhost", "::1") and not secure(config):
            print("注意：登录经明文 HTTP；请在前面放 HTTPS，并设 console_url", file=sys.stderr)
        app = create_app(config, stack(config).endpoints())  # settings that do not fit end it
        with contextlib.suppress(TransportError):  # the page says so when it is away
            first = with_elasticsearch(lambda c, _, client: first_admin(c, client))
            if first:
                print(
                    f"首个账号 admin，一次性密码（只显示这一次）：{first}",
                    file=sys.stderr,
                    flush=True,
                )
        print(f"console: http://{config.host}:{chosen}", flush=True)
        uvicorn.run(
            app,
            host=config.host,
            port=chosen,
            log_level="warning",
            access_log=False,
        )
