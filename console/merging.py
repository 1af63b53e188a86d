"""Merge one stored alert into another, for the console and the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from infra.alert_store import AlertStore
from response.merge import away, into, refusal
from schemas.alert import Alert
from schemas.errors import UserError

Check = Callable[[Alert], None]


def unchecked(_: Alert) -> None:
    """Whatever the alert is by now, it may be changed."""


async def merge_alerts(
    store: AlertStore, first: str, second: str, actor: str, note: str, now: datetime,
    check: Check = unchecked,
) -> Alert:  # fmt: skip
    """`second` goes into `first`. UserError says why not. A merge that broke off in the middle
    is done again by the same call: the first takes the matters once."""
    held = await store.get([first, second])
    for key in (first, second):
        if key not in held:
            raise UserError(f"没有预警 {key}", "tingchao alerts list 列出编号")
    other = held[second].alert
    check(held[first].alert)
    why = refusal(held[first].alert, other)
    if why:
        raise UserError(why)

    def step(alert: Alert) -> Alert:
        check(alert)
        return into(alert, other, actor, note, now)

    kept = await store.change(first, step)
    assert kept is not None
    await store.change(second, lambda alert: away(alert, kept, actor, note, now))
    return kept
