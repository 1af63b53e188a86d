"""`tingchao events list|show|spread|merge|split|rename`: what is going on, and what analysts
decide of it."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from infra.event_index import EventReader
    from schemas.opinion import EventDecision

Key = Annotated[str, typer.Argument(help="the event's id")]
Note = Annotated[str, typer.Option(help="why, for the history")]
Actor = Annotated[str, typer.Option("--as", help="who decides; default: this account")]


def register(app: typer.Typer) -> None:
    events = typer.Typer(help="Events: see, merge, split, rename.", no_args_is_help=True)
    app.add_typer(events, name="events")
    events.command("list")(_list)
    events.command("show")(_show)
    events.command("spread")(_spread)
    events.command("merge")(_merge)
    events.command("split")(_split)
    events.command("rename")(_rename)


def _list(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    merged: Annotated[bool, typer.Option(help="those that became part of others, too")] = False,
) -> None:
    """One JSON line each, the gravest first."""
    import orjson

    async def work(reader: EventReader) -> list[dict[str, Any]]:
        return await reader.gravest(limit, merged)

    for event in _run(work):
        print(orjson.dumps(event).decode())


def _show(key: Key) -> None:
    """All of it: samples with their ids, hours, regions, signs, history."""

    async def work(reader: EventReader) -> bytes:
        from schemas.base import encode

        return encode(await reader.event(key))

    print(_run(work).decode())


def _spread(key: Key) -> None:
    """How it spread: tree, key nodes (never private persons), speed, who copied whom."""

    async def work(reader: EventReader) -> bytes:
        from models.spread_path import path
        from schemas.base import encode

        return encode(path(await reader.items(await reader.event(key))))

    print(_run(work).decode())


def _merge(
    key: Key,
    others: Annotated[list[str], typer.Argument(help="the ids of other events")],
    note: Note = "",
    actor: Actor = "",
) -> None:
    """OTHERS become part of the event, and whatever would join them later."""

    async def work(reader: EventReader) -> list[EventDecision]:
        event = await reader.event(key)
        found = []
        for other in others:
            gone = await reader.event(other)
            if event.id == gone.id:
                raise _error(f"{key} and {other} are one event", "name two")
            found.append(_decision("merge", event.id, actor, note, other=gone.id))
        return found

    _decide(work)


def _split(
    key: Key,
    items: Annotated[list[str], typer.Argument(help="item ids, as `events show` gives them")],
    into: Annotated[str, typer.Option(help="the event that they belong to; else a new one")] = "",
    note: Note = "",
    actor: Actor = "",
) -> None:
    """The items leave the event for one of their own, or INTO; the two are never merged again."""

    async def work(reader: EventReader) -> list[EventDecision]:
        from models.event_decisions import MOST, split_id
        from streams.briefs import briefs_of

        if len(items) > MOST:
            raise _error(f"{len(items)} items at once", f"name at most {MOST}")
        event = await reader.event(key)
        found = await reader.named(items)
        missing = sorted(set(items) - {each.id for each in found})
        if missing:
            raise _error(f"no items {', '.join(missing)}", "tingchao events show gives ids")
        briefs = briefs_of(found, reader.settings.config)
        new = (await reader.event(into)).id if into else split_id(event.id, briefs[0].origin_id)
        if new == event.id:
            raise _error(f"{into} is the event itself", "name another")
        return [_decision("split", event.id, actor, note, other=new, briefs=briefs)]

    _decide(work)


def _rename(key: Key, title: str, note: Note = "", actor: Actor = "") -> None:
    """The event is called so from now on."""

    async def work(reader: EventReader) -> list[EventDecision]:
        from models.masking import mask

        (said,) = mask([title.strip()])
        if not said or len(said) > 200:
            raise _error("a title has 1 to 200 characters", "give another")
        return [_decision("rename", (await reader.event(key)).id, actor, note, title=said)]

    _decide(work)


def _decision(action: Any, event: str, actor: str, note: str, **fields: Any) -> EventDecision:
    from schemas.base import content_id
    from schemas.opinion import EventDecision

    at, who = datetime.now(UTC), actor or getpass.getuser()
    key = content_id("event-decision", action, event, fields.get("other", ""), at.isoformat(), who)
    return EventDecision(
        id=key, action=action, event=event, at=at, actor=who, note=note, **fields
    )  # fmt: skip


def _decide(work: Callable[[EventReader], Awaitable[list[EventDecision]]]) -> None:
    async def inside(reader: EventReader) -> list[EventDecision]:
        from infra.event_decisions import send

        decisions = await work(reader)
        await send(reader.settings, reader.endpoints, decisions)
        return decisions

    names = {"merge": "合并", "split": "拆分", "rename": "改名"}
    for done in _run(inside):
        print(f"已记录：{done.actor} {names[done.action]} {done.event} {done.other}{done.title}")


def _error(what: str, todo: str) -> Exception:
    from schemas.errors import UserError

    return UserError(what, todo)


def _run(work: Callable[[EventReader], Awaitable[Any]]) -> Any:
    from commands.elastic import with_elasticsearch
    from infra.event_index import EventReader

    return with_elasticsearch(
        lambda config, endpoints, client: work(EventReader(client, config, endpoints))
    )
