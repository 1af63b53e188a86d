"""`tingchao extract FILE.html`: what the extraction reads in one saved page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def extract(
        file: Annotated[Path, typer.Argument(help="a saved page; - is standard input")],
        url: Annotated[str | None, typer.Option(help="the address it came from")] = None,
    ) -> None:
        """Print title, published_at, author, publisher and body of a page as JSON."""
        import sys
        from datetime import UTC, datetime

        import orjson

        from crawlers.extract import extract as read
        from schemas.errors import UserError

        try:
            html = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        except OSError as error:
            raise UserError(f"cannot read {file}: {error.strerror}", "give a saved page") from None
        page = read(html, url)
        if not page.title and not page.body:
            raise UserError(f"{file} holds neither a title nor a text", "give a saved page")
        if page.published_at is None:
            page = read(html, url, now=datetime.now(UTC))
        print(
            orjson.dumps(
                {
                    "title": page.title,
                    "published_at": page.published_at.isoformat() if page.published_at else None,
                    "author": page.author,
                    "publisher": page.publisher,
                    "body": page.body,
                }
            ).decode()
        )
