"""`tingchao schema NAME`: the JSON Schema of a message or document."""

from __future__ import annotations

import orjson
import typer

from schemas.registry import json_schema


def register(app: typer.Typer) -> None:
    @app.command()
    def schema(name: str) -> None:
        """Print the JSON Schema of NAME (RawItem, Opinion, Event, Signal, Alert, …)."""
        print(orjson.dumps(json_schema(name), option=orjson.OPT_INDENT_2).decode())
