"""Two alerts that are one matter: the second goes into the first. Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from response.alert import matters_of
from response.due import everybody, next_due
from schemas.alert import OPEN_STATUSES, Alert, Change, Clock, Tell
from schemas.analysis import LEVEL_RANK


def refusal(first: Alert, second: Alert) -> str:
    """Why `second` cannot go into `first`; empty: it can, or is on its way there already."""
    if first.id == second.id:
        return "不能并入自己"
    if first.status not in OPEN_STATUSES:
        return f"{first.id} 已办结（{first.status}），只能并入未办结的预警"
    if second.status not in OPEN_STATUSES and not inside(second, first):
        return f"{second.id} 已办结（{second.status}），只能并入未办结的预警"
    if LEVEL_RANK[second.level] > LEVEL_RANK[first.level]:
        return f"{second.level} 级比 {first.level} 级严重，请反过来并：把轻的并入重的"
    return ""


def inside(second: Alert, first: Alert) -> bool:
    """Whether `second` points to `first`, which may not have its matters yet."""
    return second.status == "merged" and second.merged_into == first.id


def holds(first: Alert, second: Alert) -> bool:
    """Whether `first` has all matters of `second`."""
    return {m.id for m in matters_of(second)} <= {m.id for m in matters_of(first)}


def into(first: Alert, second: Alert, actor: str, note: str, now: datetime) -> Alert:
    """The first with the second's matters; recipients of both hear of it. Twice changes nothing."""
    if holds(first, second):
        return first
    known = matters_of(first)
    new = [m for m in matters_of(second) if m.id not in {k.id for k in known}]
    matters = [*known, *new]
    people = list(dict.fromkeys([*everybody(first), *everybody(second)]))
    told = Tell(kind="merged", due_at=now, recipients=people, note=second.title)
    change = Change(
        at=now, actor=actor, action="merged", note=f"{second.id} {second.title} {note}".strip()
    )
    after = replace(
        first,
        matters=matters,
        items=sum(m.items for m in matters),
        places=list(dict.fromkeys([*first.places, *second.places])),
        subjects=list(dict.fromkeys([*first.subjects, *second.subjects])),
        departments=list(dict.fromkeys([*first.departments, *second.departments])),
        clocks=_earlier(first.clocks, second.clocks),
        evidence=[
            *first.evidence,
            *(s for s in second.evidence if s.id not in {e.id for e in first.evidence}),
        ],
        tells=[*first.tells, told],
        progress_at=now if first.status != "open" else first.progress_at,
        updated_at=now,
        history=[*first.history, change],
    )
    return replace(after, next_due_at=next_due(after))


def away(second: Alert, first: Alert, actor: str, note: str, now: datetime) -> Alert:
    """The second, which points to the first; its chain and its clocks stop."""
    change = Change(at=now, actor=actor, action="merged_into", note=f"{first.id} {note}".strip())
    return replace(
        second,
        status="merged",
        merged_into=first.id,
        closed_at=now,
        updated_at=now,
        next_due_at=None,
        tells=[],
        history=[*second.history, change],
    )


def back(gone: Alert, before: Alert) -> Alert:
    """The alert that went `away` as it was `before`, since the merge came to nothing; what was
    said of it meanwhile stays."""
    since = gone.history[len(before.history) + 1 :]  # after the line of `away`
    if not since:
        return before
    return replace(before, updated_at=gone.updated_at, history=[*before.history, *since])


def _earlier(ours: list[Clock], theirs: list[Clock]) -> list[Clock]:
    """Of each kind the clock that runs out first: a merge wins nobody time."""
    found = {clock.kind: clock for clock in ours}
    for clock in theirs:
        mine = found.get(clock.kind)
        if _runs(clock) and (mine is None or (_runs(mine) and clock.due_at < mine.due_at)):
            found[clock.kind] = clock
    return list(found.values())


def _runs(clock: Clock) -> bool:
    return clock.met_at is None and clock.lapsed_at is None
