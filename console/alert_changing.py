"""A person's step on a stored alert (console/steps.py), for pages and the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from starlette.exceptions import HTTPException

from console import steps
from console.merging import Check, merge_alerts, unchecked
from infra.alert_store import AlertStore
from models.masking import mask
from response.contacts import Contact
from schemas.alert import Alert
from schemas.errors import UserError

LONGEST = 1_000  # characters of a note
HOURS = 24 * 90  # an alert is mute at most


def asked_of(
    action: str, form: dict[str, str], actor: str, people: Callable[[], Iterable[Contact]]
) -> steps.Asked:
    """What a form says, checked and masked. HTTPException 400, 404 or 422 says what is wrong.
    `people`: whom it may be assigned to. Nobody else would ever hear of it."""
    note, hours = form.get("note", "").strip(), form.get("hours", "")
    if action not in steps.ACTIONS:
        raise HTTPException(404, "没有这个操作。")
    if len(note) > LONGEST:
        raise HTTPException(400, "说明不超过 1000 字。")
    if action in steps.NEEDS_NOTE and not note:
        raise HTTPException(400, steps.NEEDS_NOTE[action])
    person = form.get("person", "").strip()[:100]
    if action == "assign" and person not in {each.id for each in people()}:
        unknown = f"通讯录里没有“{person}”，请在名单里选择交办给谁。"
        raise HTTPException(422, unknown if person else "请选择交办给谁。")
    return steps.Asked(
        actor=actor,
        note=mask([note])[0],
        hours=max(1, min(int(hours), HOURS)) if hours.isdecimal() and len(hours) < 6 else 24,
        person=person,
        clock=form.get("clock", ""),
    )


async def change_alert(
    store: AlertStore, action: str, key: str, asked: steps.Asked, now: datetime, other: str = "",
    check: Check = unchecked,
) -> Alert:  # fmt: skip
    """The alert afterwards; `other`: the alert that is merged into it. HTTPException 409 says
    why not, and that nothing was written. `check` raises for an alert that is not to be changed:
    it sees the very version that the change is written over."""
    try:
        if action == "merge":
            return await merge_alerts(store, key, other, asked.actor, asked.note, now, check)
        before: list[Alert] = []

        def step(alert: Alert) -> Alert:
            check(alert)
            before[:] = [alert]
            return steps.apply(action, alert, asked, now)

        after = await store.change(key, step)
    except UserError as error:
        raise HTTPException(409, f"{error.problem}。") from None
    if after is None:
        raise HTTPException(404, "没有这条预警。")
    if after is before[0]:
        by = after.acknowledged_by
        late = f"已由{by}确认，" if by and action == "acknowledge" else "现在的状态下不能这样做，"
        raise HTTPException(409, f"{late}本次操作没有另行记录。")
    return after
