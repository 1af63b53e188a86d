"""`tingchao replay FILE` publishes stored items; `replay --from … --to …` analyses anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from streams.reanalysis import Outcome


def register(app: typer.Typer) -> None:
    @app.command()
    def replay(
        file: Annotated[Path | None, typer.Argument(help="JSON lines, plain or gzip")] = None,
        since: Annotated[
            str,
            typer.Option("--from", help="instead of a file: taken in since 7d, a date"),
        ] = "",
        until: Annotated[str, typer.Option("--to", help="and before; default: now")] = "",
        alerts: Annotated[
            bool, typer.Option(help="let what is analysed anew raise alerts")
        ] = False,
        rate: Annotated[
            float | None, typer.Option(help="messages a second at most, with --from", min=1)
        ] = None,
        speed: Annotated[str, typer.Option(help="times a file's own pace: 1, 60 …; max")] = "max",
        limit: Annotated[int | None, typer.Option(help="of a file, so many items", min=1)] = None,
        as_json: Annotated[bool, typer.Option("--json", help="the result as JSON")] = False,
    ) -> None:
        """Publish a FILE of items (RawItem lines, {"text": …}, the Weibo collection); or, with
        --from and --to, run what was taken in through today's models into the same documents."""
        from schemas.errors import UserError

        if (file is None) == (not since):
            raise UserError("what is to be replayed?", "give a file, or --from TIME")
        if file is not None:
            _publish(file, speed, limit, as_json)
        elif _analyse_anew(since, until, alerts, rate, as_json).failed:
            raise typer.Exit(1)


def _analyse_anew(
    since: str, until: str, alerts: bool, rate: float | None, as_json: bool
) -> Outcome:
    import asyncio
    import os
    from datetime import UTC, datetime

    import orjson

    from commands.progress import progress
    from infra import logs
    from infra.settings import settings
    from infra.stack import stack
    from schemas.errors import UserError
    from schemas.when import since as when
    from streams.context import Context
    from streams.pool import ReaderPool
    from streams.reanalysis import Reanalysis

    config, now = settings(), datetime.now(UTC)
    start, end = when(since, now), when(until, now) if until else now
    if start >= end:
        raise UserError(f"--from {since} is not before --to {until or 'now'}", "turn them round")
    logs.configure("WARNING")
    os.nice(10)  # live traffic comes first
    endpoints = stack(config).endpoints()

    async def work() -> Outcome:
        context = await Context.open(config, endpoints)
        readers = ReaderPool(config.config, config.data / "models", config.model_processes)
        replay = Reanalysis(context, readers, now, alerts, rate)
        try:
            return await replay.run(start, end, lambda done, of: report("重新分析", done, of))
        finally:
            await context.close()

    with progress() as report:
        try:
            found = asyncio.run(work())
        except KeyboardInterrupt:
            raise UserError("已中断；写入的保留", "再运行一次同样的命令即可，重复无妨") from None
    if as_json:
        line = {
            "messages": found.messages, "written": found.written,
            "unreadable": found.unreadable, "failed": found.failed,
        }  # fmt: skip
        print(orjson.dumps(line).decode())
    else:
        print(
            f"{found.messages} 条：重新分析 {found.written}，无法解析 {found.unreadable}，"
            f"失败 {len(found.failed)}"
        )
        for key in found.failed[:20]:
            print(f"失败（保留原文档） {key}")
    return found


def _publish(file: Path, speed: str, limit: int | None, as_json: bool) -> None:
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
        print(orjson.dumps(
            {"messages": done.messages, "seconds": seconds, "per_second": rate}
        ).decode())  # fmt: skip
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
