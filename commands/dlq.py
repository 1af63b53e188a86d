"""`tingchao dlq list|show|replay|drop`: what could not be processed, and what to do with it."""

from __future__ import annotations

import getpass
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from infra.dead_letters import DeadLetters, Filters, Held
    from infra.settings import Settings
    from infra.stack import Endpoints

T = TypeVar("T")
Reason = Annotated[str, typer.Option(help="malformed_json, missing_field, …")]
Stage = Annotated[str, typer.Option(help="parse, index, …")]
Source = Annotated[str, typer.Option(help="of the item, as far as it can be read")]
Since = Annotated[str, typer.Option(help="7d, 24h, 30m or a date")]
Ids = Annotated[list[str] | None, typer.Argument(help="topic/partition/offset; none: the filters")]
By = Annotated[str, typer.Option(help="who does it; else the login name")]
Every = Annotated[bool, typer.Option("--all", help="without ids or filters: all that wait")]


def register(app: typer.Typer) -> None:
    dlq = typer.Typer(help="Dead letters: see, send again, drop.", no_args_is_help=True)
    app.add_typer(dlq, name="dlq")
    _seeing(dlq)
    _settling(dlq)


def _seeing(dlq: typer.Typer) -> None:
    @dlq.command("list")
    def list_(
        reason: Reason = "", stage: Stage = "", source: Source = "", since: Since = "",
        settled: Annotated[bool, typer.Option(help="those replayed or dropped too")] = False,
        limit: Annotated[int, typer.Option(min=1)] = 50,
    ) -> None:  # fmt: skip
        """One JSON line each, the latest first; the value cut and masked."""

        async def work(letters: DeadLetters, *_: object) -> None:
            async for held in letters.find(_filters(reason, stage, source, since, settled), limit):
                _print(held.letter, value=120)

        _run(work)

    @dlq.command()
    def show(key: Annotated[str, typer.Argument(help="topic/partition/offset")]) -> None:
        """All that is known about one."""

        async def work(letters: DeadLetters, *_: object) -> None:
            _print((await letters.get(key)).letter)

        _run(work)


def _settling(dlq: typer.Typer) -> None:
    @dlq.command()
    def replay(
        ids: Ids = None, reason: Reason = "", stage: Stage = "", source: Source = "",
        since: Since = "", everything: Every = False, by: By = "",
    ) -> None:  # fmt: skip
        """Send them to items.raw again, key, value and headers as they came."""
        filters = _chosen(ids, everything, reason, stage, source, since)

        async def work(letters: DeadLetters, config: Settings, endpoints: Endpoints) -> int:
            from infra import clients

            consumer = clients.consumer(config, endpoints)
            producer = clients.producer(config, endpoints)
            await consumer.start()
            await producer.start()
            gone = sent = 0
            try:
                async for held in _each(letters, ids, filters):
                    done = await letters.replay(held, consumer, producer, by or getpass.getuser())
                    sent, gone = sent + done, gone + (not done)
            finally:
                await consumer.stop()
                await producer.stop()
            print(f"重新发送 {sent} 条" + (f"；{gone} 条的原文已过保留期" if gone else ""))
            return gone

        if _run(work):
            raise typer.Exit(1)

    @dlq.command()
    def drop(
        ids: Ids = None, reason: Reason = "", stage: Stage = "", source: Source = "",
        since: Since = "", everything: Every = False, by: By = "",
    ) -> None:  # fmt: skip
        """Mark them as seen and given up; they stay on record."""
        filters = _chosen(ids, everything, reason, stage, source, since)

        async def work(letters: DeadLetters, *_: object) -> None:
            count = 0
            async for held in _each(letters, ids, filters):
                count += await letters.drop(held, by or getpass.getuser())
            print(f"放弃 {count} 条")

        _run(work)


def _print(letter: object, value: int | None = None) -> None:
    import msgspec

    from schemas.base import encode
    from schemas.dead_letter import DeadLetter

    assert isinstance(letter, DeadLetter)
    print(encode(msgspec.structs.replace(letter, value=letter.value[:value])).decode())


def _filters(reason: str, stage: str, source: str, since: str, settled: bool = False) -> Filters:
    from infra.dead_letters import Filters
    from schemas.when import since as when

    return Filters(
        reason, stage, source, when(since, datetime.now(UTC)) if since else None, settled
    )


def _chosen(
    ids: list[str] | None, everything: bool, reason: str, stage: str, source: str, since: str
) -> Filters:
    from schemas.errors import UserError

    if not ids and not everything and not (reason or stage or source or since):
        raise UserError("which dead letters?", "give ids, filters or --all")
    return _filters(reason, stage, source, since)


async def _each(
    letters: DeadLetters, ids: list[str] | None, filters: Filters
) -> AsyncIterator[Held]:
    """Those named, or those that wait and match."""
    from schemas.errors import UserError

    if not ids:
        async for held in letters.find(filters):
            yield held
    for key in ids or ():
        held = await letters.get(key)
        if not held.letter.waits:
            raise UserError(f"{key} has been settled by {held.letter.settled_by}", "dlq show it")
        yield held


def _run(work: Callable[[DeadLetters, Settings, Endpoints], Awaitable[T]]) -> T:
    from commands.elastic import with_elasticsearch
    from infra.dead_letters import DeadLetters

    async def inside(config: Settings, endpoints: Endpoints, client: AsyncElasticsearch) -> T:
        await client.indices.refresh(index=f"{config.prefix}dead-letters")
        return await work(DeadLetters(config, client), config, endpoints)

    return with_elasticsearch(inside)
