"""`tingchao alerts list|show|ack|handle|resolve|close|reopen|mute`: alerts and their life."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

if TYPE_CHECKING:
    from schemas.alert import Alert, Status

Key = Annotated[str, typer.Argument(help="the alert's id")]
Note = Annotated[str, typer.Option(help="why, for the history")]
Actor = Annotated[str, typer.Option("--as", help="who does it; default: this account")]
MOVES = {
    "handle": ("handling", "Somebody is at work on it."),
    "resolve": ("resolved", "The matter is settled."),
    "close": ("closed", "Nothing more will be done."),
    "reopen": ("open", "It is not over: its due steps fire again."),
}


def register(app: typer.Typer) -> None:
    alerts = typer.Typer(help="Alerts: see, answer, mute, resolve.", no_args_is_help=True)
    app.add_typer(alerts, name="alerts")

    @alerts.command("list")
    def list_(
        status: Annotated[str, typer.Option(help="open, acknowledged, …; all")] = "",
        limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    ) -> None:
        """One JSON line each, the gravest first; without --status those that are not over."""
        import orjson

        from schemas.alert import OPEN_STATUSES

        wanted = [status] if status else list(OPEN_STATUSES)
        query = {"match_all": {}} if status == "all" else {"terms": {"status": wanted}}
        names = ["id", "level", "status", "title", "score", "items", "opened_at", "next_due_at"]

        async def work(client: Any, index: str) -> list[dict[str, Any]]:
            sort = [{"score": "desc"}]
            answer = await client.search(index=index, query=query, size=limit, sort=sort)
            return [hit["_source"] for hit in answer["hits"]["hits"]]

        for alert in _run(work):
            print(orjson.dumps({name: alert.get(name) for name in names}).decode())

    @alerts.command()
    def show(key: Key) -> None:
        """All of it: evidence, and why it went to whom it went."""

        async def work(client: Any, index: str) -> Alert:
            return await _change(client, index, key, lambda alert: alert)

        from schemas.base import encode

        print(encode(_run(work)).decode())

    @alerts.command()
    def ack(key: Key, note: Note = "", actor: Actor = "") -> None:
        """Somebody answers: the chain stops, but for the steps that fire always."""
        from response.alert import acknowledge

        _apply(key, lambda a: acknowledge(a, actor or getpass.getuser(), note, datetime.now(UTC)))

    for name, (status, what) in MOVES.items():
        _move(alerts, name, cast("Status", status), what)

    @alerts.command()
    def mute(
        key: Key,
        reason: Annotated[str, typer.Option(help="why; it stands in the history")],
        hours: Annotated[float, typer.Option(min=0.1, max=24 * 90)] = 24.0,
        actor: Actor = "",
    ) -> None:
        """No steps fire for so long; a higher level wakes it, statutory clocks go on."""
        from response.life import mute

        now = datetime.now(UTC)
        until = now + timedelta(hours=hours)
        _apply(key, lambda a: mute(a, until, actor or getpass.getuser(), reason, now))


def _move(alerts: typer.Typer, name: str, status: Status, what: str) -> None:
    @alerts.command(name, help=what)
    def command(key: Key, note: Note = "", actor: Actor = "") -> None:
        from response.life import move

        _apply(key, lambda a: move(a, status, actor or getpass.getuser(), note, datetime.now(UTC)))


def _apply(key: str, step: Callable[[Alert], Alert]) -> None:
    async def work(client: Any, index: str) -> Alert:
        return await _change(client, index, key, step)

    alert = _run(work)
    last = alert.history[-1]
    print(f"{alert.id} {alert.status}：{last.actor} {last.action} {last.note}")


async def _change(client: Any, index: str, key: str, step: Callable[[Alert], Alert]) -> Alert:
    """By compare-and-set: what somebody else changes meanwhile is read and decided again."""
    from infra.alert_store import AlertStore, Stored
    from schemas.errors import UserError

    store = AlertStore(client, index)
    for _ in range(5):
        held = (await store.get([key])).get(key)
        if held is None:
            raise UserError(f"no alert {key!r}", "tingchao alerts list shows their ids")
        after = step(held.alert)
        if after is held.alert:
            return after
        if not await store.save([Stored(after, held.seq_no, held.primary_term)]):
            return after
    raise UserError(f"alert {key} is being changed by others", "try again")


def _run(work: Callable[[Any, str], Any]) -> Any:
    from infra import clients
    from infra.indices import write_name
    from infra.settings import settings
    from infra.stack import stack
    from schemas.registry import ALERTS

    config = settings()

    async def inside() -> Any:
        client = clients.elasticsearch(config, stack(config).endpoints())
        try:
            return await work(client, write_name(config, ALERTS))
        finally:
            await client.close()

    return asyncio.run(inside())
