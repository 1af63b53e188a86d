"""`tingchao replay FILE`: publish stored items to Kafka."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def replay(
        file: Annotated[Path, typer.Argument(help="JSON lines, plain or gzip")],
        speed: Annotated[str, typer.Option(help="times their own pace: 1, 60 …; or max")] = "max",
        limit: Annotated[int | None, typer.Option(help="at most so many items", min=1)] = None,
        as_json: Annotated[bool, typer.Option("--json", help="the result as JSON")] = False,
    ) -> None:
        """Publish stored items: RawItem lines, {"text": …} lines or the Weibo collection."""
        import asyncio
        import sys
        from datetime import UTC, datetime

        import orjson
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        from crawlers import replay as work
        from crawlers.kafka import Sender
        from infra.author_key import author_key

        factor = _factor(speed)
        if not file.is_file():
            from schemas.errors import UserError

            raise UserError(f"no file {file}", "give a file of JSON lines")
        columns = (
            BarColumn(),
            TextColumn("{task.percentage:.0f}%"),
            TextColumn("{task.fields[sent]} 条"),
        )
        bar = Progress(
            *columns, TimeElapsedColumn(), console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )  # fmt: skip
        task = bar.add_task("replay", total=file.stat().st_size, sent=0)

        async def publish() -> work.Replayed:
            sender = Sender()
            await sender.start()
            try:
                found = work.collection(
                    file, author_key(), datetime.now(UTC), limit,
                    lambda read: bar.update(task, completed=read),
                )  # fmt: skip
                return await work.replay(found, sender, factor, lambda n: bar.update(task, sent=n))
            finally:
                await sender.stop()

        with bar:
            done = asyncio.run(publish())
        rate = done.messages / max(done.seconds, 1e-9)
        result = {
            "messages": done.messages,
            "seconds": round(done.seconds, 2),
            "per_second": round(rate),
        }
        if as_json:
            print(orjson.dumps(result).decode())
        else:
            print(f"{done.messages} 条，{done.seconds:.1f} 秒，每秒 {rate:.0f} 条")


def _factor(speed: str) -> float | None:
    from schemas.errors import UserError

    if speed == "max":
        return None
    try:
        factor = float(speed)
    except ValueError:
        factor = 0.0
    if not 0 < factor < 1e9:
        raise UserError(f"--speed {speed}", "give a number above 0, as in 60, or max")
    return factor
