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
        from datetime import UTC, datetime

        import orjson

        from commands.progress import progress
        from crawlers import replay as work
        from crawlers.kafka import Sender
        from infra.author_key import author_key
        from schemas.errors import UserError

        factor = _factor(speed)
        if not file.is_file():
            raise UserError(f"no file {file}", "give a file of JSON lines")
        size = file.stat().st_size

        async def publish() -> work.Replayed:
            sender = Sender()
            await sender.start()
            try:
                found = work.collection(
                    file, author_key(), datetime.now(UTC), limit,
                    lambda read: report(f"回放 {file.name}（字节）", min(read, size - 1), size),
                )  # fmt: skip
                done = await work.replay(found, sender, factor)
                report(f"回放 {file.name}（字节）", size, size)
                return done
            finally:
                await sender.stop()

        with progress() as report:
            done = asyncio.run(publish())
        rate = round(done.messages / max(done.seconds, 1e-9))
        if as_json:
            seconds = round(done.seconds, 2)
            result = {"messages": done.messages, "seconds": seconds, "per_second": rate}
            print(orjson.dumps(result).decode())
        else:
            print(f"{done.messages} 条，{done.seconds:.1f} 秒，每秒 {rate} 条")


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
