"""Decisions of events through `tingchao events`: a Kafka that is away hangs no page."""

from __future__ import annotations

from infra.subcommand import run

SECONDS = 60.0


async def told(who: str, note: str, action: str, *given: str, into: str = "") -> bool:
    """`given`: the event, then what the action is about. False: Kafka did not take it."""
    options = [f"--as={who}"]
    options += [f"--note={note}"] if note else []
    options += [f"--into={into}"] if into else []
    code, _, _ = await run("events", action, *options, "--", *given, seconds=SECONDS)
    return code == 0
