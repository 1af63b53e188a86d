"""Which chain of people an alert takes: pure, the configuration comes as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple, Self, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator

from response.calendar import Period
from response.contacts import Contact, Contacts, Role
from response.durations import Duration, Strict, known
from response.roster import NO_DUTY, Duty
from schemas.alert import Clock, Step, Timing
from schemas.analysis import Level
from schemas.report import ClockKind

_DEPARTMENTS = "see departments.yaml for the ids"


class RouteStep(Strict):
    role: str
    after: Duration
    always: bool = False

    @field_validator("role")
    @classmethod
    def _known(cls, role: str, info: ValidationInfo) -> str:
        return known(info, "role", role, "add it to roles in contacts.yaml")


class Waits(Strict):
    """group_* and repeat_interval mean what they mean in Alertmanager; 0s: never."""

    group_wait: Duration | None = None
    group_interval: Duration | None = None
    repeat_interval: Duration | None = None
    forgotten_after: Duration | None = None
    report_interval: Duration | None = None
    ask_interval: Duration | None = None


class Matter(NamedTuple):
    """What a route is chosen by."""

    level: Level
    departments: Sequence[str] = ()
    topics: Sequence[str] = ()
    places: Sequence[str] = ()
    period: Period | None = None


class Route(Waits):
    name: str
    levels: list[Level] = []
    departments: list[str] = []
    topics: list[str] = []
    regions: list[Annotated[str, Field(pattern=r"^\d{2,6}$")]] = []  # beginnings of codes
    times: list[Period] = []
    steps: Annotated[list[RouteStep], Field(min_length=1)]

    @field_validator("departments")
    @classmethod
    def _departments(cls, ids: list[str], info: ValidationInfo) -> list[str]:
        return [known(info, "department", each, _DEPARTMENTS) for each in ids]

    @field_validator("topics")
    @classmethod
    def _topics(cls, ids: list[str], info: ValidationInfo) -> list[str]:
        return [known(info, "topic", each, "see taxonomy.yaml for the ids") for each in ids]

    def matches(self, matter: Matter) -> bool:
        return (
            (not self.levels or matter.level in self.levels)
            and (not self.departments or bool(set(self.departments) & set(matter.departments)))
            and (not self.topics or bool(set(self.topics) & set(matter.topics)))
            and (not self.regions or any(p.startswith(tuple(self.regions)) for p in matter.places))
            and (not self.times or matter.period in self.times)
        )


class ClockRule(Strict):
    kind: ClockKind
    levels: list[Level]
    within: Duration
    warn: Duration  # before it lapses


class Routing(Strict):
    """config/routing.yaml."""

    timing: Waits = Field(default_factory=Waits)  # where a route says nothing else
    routes: list[Route]
    clocks: list[ClockRule]

    @model_validator(mode="after")
    def _every_level_has_a_route(self) -> Self:
        for level in get_args(Level):
            if level != "none" and not any(r.matches(Matter(level)) for r in self.routes):
                raise ValueError(f"no route for level {level} of any department, topic and time")
        return self

    def route(self, matter: Matter) -> Route:
        return next(r for r in self.routes if r.matches(matter))

    def wait(self, route: Route, name: str) -> timedelta:
        own, common = getattr(route, name), getattr(self.timing, name)
        return own if own is not None else common if common is not None else timedelta(0)


def chain(
    routing: Routing,
    contacts: Contacts,
    level: Level,
    departments: list[str],
    topics: list[str],
    raised_at: datetime,
    places: list[str] = [],  # noqa: B006 (not changed)
    duty: Duty = NO_DUTY,
) -> tuple[str, list[Step], Timing]:
    """What an alert raised now is given, frozen: (why this route, steps by time, timing).

    A step goes to who has the role when the step is due, as the rosters stand now.
    """
    period, said = duty.calendar.period(raised_at)
    matter = Matter(level, departments, topics, places, period)
    route = routing.route(matter)
    begin = raised_at + routing.wait(route, "group_wait")
    steps = []
    for number, step in enumerate(sorted(route.steps, key=lambda s: s.after), start=1):
        due = begin + step.after
        people, why = contacts.of_role(step.role, departments, places, due, duty)
        steps.append(
            Step(
                number=number, role=step.role, recipients=people, due_at=due,
                always=step.always, reason=why,
            )
        )  # fmt: skip
    timing = Timing(
        **{
            name: int(routing.wait(route, name).total_seconds())
            for name in Timing.__struct_fields__
        }
    )
    return f"{route.name}：{_why(route, matter, said)}", steps, timing


def _why(route: Route, matter: Matter, period: str) -> str:
    """What the route asked for and what the alert had."""
    asked = [
        f"级别 {matter.level}" if route.levels else "任何级别",
        f"部门 {'、'.join(matter.departments) or '—'}" if route.departments else "",
        f"主题 {'、'.join(matter.topics) or '—'}" if route.topics else "",
        f"地区 {'、'.join(matter.places) or '—'}" if route.regions else "",
        period if route.times else "",
    ]
    return "，".join(part for part in asked if part)


def clocks(routing: Routing, level: Level, raised_at: datetime) -> list[Clock]:
    """The statutory clocks that start when an alert of `level` is raised."""
    return [
        Clock(kind=r.kind, due_at=raised_at + r.within, warn_at=raised_at + r.within - r.warn)
        for r in routing.clocks
        if level in r.levels
    ]


__all__ = ["Contact", "Contacts", "Role", "Route", "RouteStep", "Routing", "chain", "clocks"]
