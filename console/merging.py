"""Merge one stored alert into another, for the console and the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from elastic_transport import TransportError
from elasticsearch import ApiError

from infra.alert_store import AlertStore
from response.merge import away, back, holds, inside, into, refusal
from schemas.alert import Alert
from schemas.errors import UserError

Check = Callable[[Alert], None]
WAITS, PAUSE = 20, 0.1  # for somebody who merges the other way round; seconds


def unchecked(_: Alert) -> None:
    """Whatever the alert is by now, it may be changed."""


class _Crossed(Exception):
    """`first` is just being merged into `second`."""


async def merge_alerts(
    store: AlertStore, first: str, second: str, actor: str, note: str, now: datetime,
    check: Check = unchecked,
) -> Alert:  # fmt: skip
    """`second` goes into `first`. UserError says why not. A merge that broke off in the middle
    is done again by the same call: the first takes the matters once.

    No two documents change at once. So `second` is claimed before anything else: of several who
    want it, one gets it, and `first` is asked again in the step that changes it."""
    held = await store.get([first, second])
    for key in (first, second):
        if key not in held:
            raise UserError(f"没有预警 {key}", "tingchao alerts list 列出编号")
    target = held[first].alert
    check(target)
    other = held[second].alert  # as it was before it was claimed

    def claim(alert: Alert) -> Alert:
        nonlocal other
        other = alert
        _may(target, alert)
        return alert if inside(alert, target) else away(alert, target, actor, note, now)

    gone = await store.change(second, claim)
    ours = gone is not other  # else another call's, which broke off or is still at it

    def take(alert: Alert) -> Alert:
        if ours and alert.merged_into == second and not holds(other, alert):
            raise _Crossed
        check(alert)
        _may(alert, other)
        return into(alert, other, actor, note, now)

    try:
        return await _take(store, first, second, take)
    except (ApiError, TransportError):
        raise  # written or not, nobody knows: the same call again finds out
    except Exception:
        if ours and gone is not None:
            await _release(store, first, other, gone)
        raise


def _may(first: Alert, second: Alert) -> None:
    if why := refusal(first, second):
        raise UserError(why)


async def _take(
    store: AlertStore, first: str, second: str, step: Callable[[Alert], Alert]
) -> Alert:
    """Of two who merge two alerts into each other, and have claimed both, one has to give way,
    and only one, else nothing is merged: the id decides. The other waits until it has."""
    for _ in range(WAITS):
        try:
            kept = await store.change(first, step)
        except _Crossed:
            if first > second:
                break
            await asyncio.sleep(PAUSE)
            continue
        if kept is None:
            raise UserError(f"没有预警 {first}", "tingchao alerts list 列出编号")
        return kept
    raise UserError(f"{first} 正被别人并入 {second}", "看过现在的内容再并")


async def _release(store: AlertStore, first: str, before: Alert, gone: Alert) -> None:
    """The claim is given up, if it is still this one, and nobody finished the merge meanwhile."""
    now = (await store.get([first])).get(first)
    if now is not None and holds(now.alert, before):
        return
    line = gone.history[-1]

    def step(alert: Alert) -> Alert:
        ours = alert.merged_into == first and line in alert.history[len(before.history) :]
        return back(alert, before) if ours else alert

    await store.change(before.id, step)
