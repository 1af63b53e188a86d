"""`tingchao demo-site`: the demo's publishers on loopback."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    @app.command("demo-site")
    def demo_site(
        port: Annotated[int, typer.Option(help="0 takes a free one")] = 8010,
        host: Annotated[str, typer.Option(help="a loopback address")] = "127.0.0.1",
        anchor: Annotated[datetime | None, typer.Option(help="the story's now (Beijing)")] = None,
    ) -> None:
        """Serve the demo's invented media and forum until interrupted; prints the address first."""
        from crawlers.demo.site import serve
        from crawlers.extract.times import BEIJING

        serve(host, port, anchor.replace(tzinfo=BEIJING) if anchor else None)
