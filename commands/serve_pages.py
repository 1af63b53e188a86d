"""`tingchao serve-pages DIR`: a folder of saved pages on loopback, to be crawled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    @app.command("serve-pages")
    def serve_pages(
        folder: Annotated[Path, typer.Argument(help="folder of saved html, searched whole")],
        port: Annotated[int, typer.Option(help="0 takes a free one")] = 8020,
        host: Annotated[str, typer.Option(help="a loopback address")] = "127.0.0.1",
    ) -> None:
        """Serve saved pages as they are until interrupted; prints the address first."""
        from crawlers.loopback import run
        from crawlers.saved_pages import application

        run(application(folder), host, port)
