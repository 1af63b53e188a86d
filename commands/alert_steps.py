"""What people do with an alert, as commands: ack, handle, resolve, close, reopen, mute, assign,
comment, met, merge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from commands.alert_access import Access, Actor, Key, Note, change, masked, run, who

if TYPE_CHECKING:
    from schemas.alert import Status

MOVES = {
    "handle": ("handling", "Somebody is at work on it."),
    "resolve": ("resolved", "The matter is settled; a final report goes to all who were told."),
    "close": ("closed", "Nothing more will be done."),
    "reopen": ("open", "It is not over: its due steps fire again."),
}


def add_steps(alerts: typer.Typer) -> None:
    for name, (status, what) in MOVES.items():
        _move(alerts, name, cast("Status", status), what)
    for command in (ack, mute, assign, comment, met, merge):
        alerts.command()(command)


def _move(alerts: typer.Typer, name: str, status: Status, what: str) -> None:
    @alerts.command(name, help=what)
    def command(key: Key, note: Note = "", actor: Actor = "") -> None:
        from response.life import move

        now = datetime.now(UTC)
        change(key, lambda a: move(a, status, who(actor), masked(note), now))


def ack(key: Key, note: Note = "", actor: Actor = "") -> None:
    """Somebody answers: the chain stops, but for the steps that fire always."""
    from response.alert import acknowledge

    change(key, lambda a: acknowledge(a, who(actor), masked(note), datetime.now(UTC)))


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
    change(key, lambda a: mute(a, until, who(actor), masked(reason), now))


def assign(
    key: Key,
    person: Annotated[str, typer.Argument(help="contact id, as in contacts.yaml")],
    note: Note = "",
    actor: Actor = "",
) -> None:
    """PERSON has it in hand, and is told so."""
    from infra.settings import settings
    from response.contacts import Contacts
    from response.life import assign
    from schemas.errors import UserError
    from schemas.yaml_file import load_yaml

    contacts = load_yaml(settings().config / "contacts.yaml", Contacts)
    if contacts.person(person) is None:
        known = ", ".join(each.id for each in contacts.people)
        raise UserError(f"no person {person!r} in contacts.yaml", f"choose of {known}")
    change(key, lambda a: assign(a, person, who(actor), masked(note), datetime.now(UTC)))


def comment(
    key: Key,
    text: Annotated[str, typer.Argument(help="what is to stand in the history")],
    actor: Actor = "",
) -> None:
    """A line in the history; it counts as progress."""
    from response.life import comment

    change(key, lambda a: comment(a, who(actor), masked(text), datetime.now(UTC)))


def met(
    key: Key,
    clock: Annotated[str, typer.Argument(help="information, press_conference or response")],
    note: Note = "",
    actor: Actor = "",
) -> None:
    """What a statutory CLOCK asks for is done: it warns and lapses no more."""
    from response.life import met
    from response.message import CLOCK_NAMES
    from schemas.errors import UserError
    from schemas.report import ClockKind

    if clock not in CLOCK_NAMES:
        known = "、".join(f"{name}（{said}）" for name, said in CLOCK_NAMES.items())
        raise UserError(f"no clock {clock!r}", f"choose of {known}")
    kind = cast("ClockKind", clock)
    change(key, lambda a: met(a, kind, who(actor), masked(note), datetime.now(UTC)))


def merge(
    first: Annotated[str, typer.Argument(help="the alert that goes on")],
    second: Annotated[str, typer.Argument(help="the alert that goes into it")],
    note: Note = "",
    actor: Actor = "",
) -> None:
    """SECOND goes into FIRST: its chain stops, and the people of both are told."""
    from console.merging import merge_alerts

    async def work(access: Access) -> Any:
        now = datetime.now(UTC)
        return await merge_alerts(access.store, first, second, who(actor), masked(note), now)

    alert = run(work)
    print(f"{second} 已并入 {alert.id}，共 {alert.items} 条")
