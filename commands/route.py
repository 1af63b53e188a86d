"""`tingchao route try|check`: who would be told of an alert, when and why; is the file sound."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, get_args

import typer

from infra.settings import settings
from models.divisions import divisions
from models.names import department_names, place_name, topic_names
from response.durations import CHINA
from response.labels import ROLES
from response.plan import Plan, load_plan
from response.routing import chain, clocks
from schemas.analysis import Level
from schemas.errors import UserError


def register(app: typer.Typer) -> None:
    route = typer.Typer(help="Routing: who is told of an alert, and when.", no_args_is_help=True)
    app.add_typer(route, name="route")
    route.command("try")(_try)
    route.command("check")(_check)


def _try(
    level: Annotated[str, typer.Option(help="I, II, III or IV")],
    department: Annotated[list[str] | None, typer.Option(help="id or name; may repeat")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="id or name; may repeat")] = None,
    place: Annotated[list[str] | None, typer.Option(help="name or code; may repeat")] = None,
    at: Annotated[str, typer.Option(help="when it is raised: 2026-10-01T03:00; now")] = "",
) -> None:
    """Who would get it and when, at each step, with the reasons."""
    from response.message import CLOCK_NAMES, LEVEL_NAMES

    config = settings().config
    plan = _plan(config)
    when = _when(at)
    known = department_names(config)
    departments = [_department(name, known) for name in department or []]
    places = [_place(name) for name in place or []]
    graded = _level(level)
    topics = [_topic(name, topic_names(config)) for name in topic or []]
    why, steps, timing = chain(
        plan.routing, plan.contacts, graded, departments, topics, when, places, plan.duty
    )
    _, said = plan.duty.calendar.period(when)
    print(f"{LEVEL_NAMES[graded]}，{_local(when, plan)}，{said}")
    if departments:
        print("部门 " + "、".join(f"{known[each]}（{each}）" for each in departments))
    if places:
        print("地点 " + "、".join(f"{place_name(each)}（{each}）" for each in places))
    print(f"路线 {why}")
    for step in steps:
        names = (_name(plan, person) for person in step.recipients)
        print(
            f"  {step.number} {_local(step.due_at, plan)} "
            f"{ROLES.get(step.role, step.role)} → {'、'.join(names)}"
            f"{'，不等确认' if step.always else ''}{'；' + step.reason if step.reason else ''}"
        )
    for clock in clocks(plan.routing, graded, when):
        print(f"  {_local(clock.due_at, plan)} 前 {CLOCK_NAMES[clock.kind]}")
    waits = [
        ("有变化时续报，至少隔", timing.group_interval),
        ("没有变化也续报，每", timing.report_interval),
        ("无人应答再通知，每", timing.repeat_interval),
        ("应答后没有进展，重新通知，满", timing.forgotten_after),
        ("向责任部门要进展，每", timing.ask_interval),
    ]
    print("；".join(f"{what} {_length(seconds)}" for what, seconds in waits if seconds))


def _length(seconds: int) -> str:
    for size, unit in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"


def _check() -> None:
    """routing.yaml, contacts.yaml and duty.yaml against each other; an error names its line."""
    plan = _plan(settings().config)
    print(
        f"{len(plan.routing.routes)} 条路线、{len(plan.contacts.people)} 个通知对象、"
        f"{len(plan.duty.rosters)} 张值班表、{len(plan.duty.stand_ins)} 次代班：没有错误"
    )


def _plan(config: Path) -> Plan:
    return load_plan(config, set(department_names(config)))


def _level(level: str) -> Level:
    for known in get_args(Level):
        if known == level.upper() and known != "none":
            return known
    raise UserError(f"no level {level!r}", "choose I, II, III or IV")


def _department(name: str, known: dict[str, str]) -> str:
    if name in known:
        return name
    near = [key for key, said in known.items() if key.startswith(name) or name in said]
    if len(near) == 1:
        return near[0]
    raise UserError(f"no department {name!r}", f"choose of {', '.join(near or known)}")


def _topic(name: str, known: dict[str, str]) -> str:
    found = next((key for key, said in known.items() if name in (key, said)), None)
    if found is None:
        raise UserError(f"no topic {name!r}", f"choose of {', '.join(known)}")
    return found


def _place(name: str) -> str:
    if name.isdigit() and len(name) == 6 and place_name(name) != name:
        return name
    codes = divisions().names.get(name)
    if not codes:
        raise UserError(f"no place {name!r}", "a province, city or county, or its six digits")
    return codes[0]


def _when(at: str) -> datetime:
    if not at:
        return datetime.now(UTC)
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        raise UserError(f"no time {at!r}", "as in 2026-10-01T03:00") from None
    if not 1990 <= when.year < 2200:
        raise UserError(f"no time for an alert: {at!r}", "as in 2026-10-01T03:00")
    return when if when.tzinfo else when.replace(tzinfo=CHINA)


def _name(plan: Plan, person: str) -> str:
    contact = plan.contacts.person(person)
    return f"{contact.name}（{person}）" if contact else person


def _local(when: datetime, plan: Plan) -> str:
    return plan.duty.calendar.local(when).strftime("%Y-%m-%d %H:%M:%S")
