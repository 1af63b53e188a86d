"""`tingchao stack …`: the Kafka and Elasticsearch of this machine."""

from __future__ import annotations

import sys
import time

import orjson
import typer

from commands.progress import progress
from infra.settings import settings
from infra.stack import LocalStack, stack
from infra.stack.process import tail
from schemas.errors import UserError

commands = typer.Typer(no_args_is_help=True, help="Kafka and Elasticsearch of this machine.")


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="stack")


@commands.command()
def up() -> None:
    """Start them (the first time: download them) and wait until both answer."""
    started = time.monotonic()
    with progress() as report:
        found = stack(settings()).up(report)
    print(f"Kafka          {found.kafka}")
    print(f"Elasticsearch  {found.elasticsearch}")
    print(f"{time.monotonic() - started:.1f} s", file=sys.stderr)


@commands.command()
def down() -> None:
    """Stop what this user's stack started; the data stays."""
    stopped = stack(settings()).down()
    print(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")


@commands.command()
def status() -> None:
    """One JSON line per server; exit code 1 when one does not run."""
    lines = [{"server": name, **facts} for name, facts in _local("status").status().items()]
    for line in lines:
        print(orjson.dumps(line).decode())
    if not all(line["running"] for line in lines):
        raise typer.Exit(1)


@commands.command()
def logs(server: str = typer.Argument("", help="kafka or elasticsearch"), lines: int = 40) -> None:
    """The last lines of the servers' logs."""
    found = _local("logs").logs()
    if server and server not in found:
        raise UserError(f"no server named {server!r}", f"choose of {', '.join(found)}")
    for name, path in found.items():
        if server in ("", name):
            print(f"== {name}: {path}\n{tail(path, lines)}")


@commands.command()
def reset(yes: bool = typer.Option(False, "--yes", help="do not ask")) -> None:
    """Stop them and remove all their data, after asking."""
    config = settings()
    if not yes and not typer.confirm(f"Remove all data of the {config.stack} stack?"):
        raise typer.Exit(1)
    stack(config).reset()
    # What the crawls remember as published is gone with the topics: it is fetched anew.
    for file in config.data.glob("crawl.sqlite*"):
        file.unlink()
    print("removed")


def _local(command: str) -> LocalStack:
    found = stack(settings())
    if not isinstance(found, LocalStack):
        raise UserError(f"`stack {command}` is for the local stack", "ask docker, or its operator")
    return found
