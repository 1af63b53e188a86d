"""Which chain of people an alert takes: pure, the configuration comes as an argument."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from schemas.alert import Clock, ClockKind, Step
from schemas.analysis import Level

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _duration(value: object) -> object:
    """`30m`, `2h`, `1d` as a timedelta."""
    match = re.fullmatch(r"(\d+)([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a duration is a number with s, m, h or d, as in 30m")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


Duration = Annotated[timedelta, BeforeValidator(_duration)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RouteStep(_Strict):
    role: str
    after: Duration
    always: bool = False


class Route(_Strict):
    name: str
    levels: list[Level] = []
    departments: list[str] = []
    topics: list[str] = []
    steps: list[RouteStep]

    def matches(self, level: Level, departments: list[str], topics: list[str]) -> bool:
        return (
            (not self.levels or level in self.levels)
            and (not self.departments or bool(set(self.departments) & set(departments)))
            and (not self.topics or bool(set(self.topics) & set(topics)))
        )


class ClockRule(_Strict):
    kind: ClockKind
    levels: list[Level]
    within: Duration
    warn: Duration  # before it lapses


class Routing(_Strict):
    """config/routing.yaml."""

    routes: list[Route]
    clocks: list[ClockRule]

    @model_validator(mode="after")
    def _every_level_has_a_route(self) -> Routing:
        for level in get_args(Level):
            if level != "none" and not any(r.matches(level, [], []) for r in self.routes):
                raise ValueError(f"no route for level {level} of any department and topic")
        return self

    def route(self, level: Level, departments: list[str], topics: list[str]) -> Route:
        return next(r for r in self.routes if r.matches(level, departments, topics))


class Contact(_Strict):
    class Channel(_Strict):
        kind: Literal["inbox", "webhook"]
        url: str | None = None
        secret_env: str | None = None

        @model_validator(mode="after")
        def _webhook_has_url(self) -> Contact.Channel:
            if self.kind == "webhook" and not self.url:
                raise ValueError("a webhook needs its url")
            return self

    id: str
    name: str
    channels: list[Channel]


class Role(_Strict):
    default: list[str]
    departments: dict[str, list[str]] = {}

    def people(self, departments: list[str]) -> list[str]:
        found = [p for d in departments for p in self.departments.get(d, [])]
        return list(dict.fromkeys(found)) or self.default


class Contacts(_Strict):
    """config/contacts.yaml."""

    people: list[Contact]
    roles: dict[str, Role]

    @model_validator(mode="after")
    def _people_exist(self) -> Contacts:
        known = {person.id for person in self.people}
        for name, role in self.roles.items():
            for person in [*role.default, *(p for ps in role.departments.values() for p in ps)]:
                if person not in known:
                    raise ValueError(f"role {name} names {person!r}, who is not among people")
        return self

    def person(self, contact_id: str) -> Contact | None:
        return next((p for p in self.people if p.id == contact_id), None)


def chain(
    routing: Routing,
    contacts: Contacts,
    level: Level,
    departments: list[str],
    topics: list[str],
    raised_at: datetime,
) -> tuple[str, list[Step]]:
    """The steps of an alert raised now, frozen: (why this route, steps in order of time)."""
    route = routing.route(level, departments, topics)
    steps = [
        Step(
            number=number,
            role=step.role,
            recipients=_people(contacts, step.role, departments),
            due_at=raised_at + step.after,
            always=step.always,
        )
        for number, step in enumerate(sorted(route.steps, key=lambda s: s.after), start=1)
    ]
    return f"{route.name}: level {level}, departments {', '.join(departments) or '-'}", steps


def _people(contacts: Contacts, role: str, departments: list[str]) -> list[str]:
    if role in contacts.roles:
        return contacts.roles[role].people(departments)
    # Rather the wrong person than nobody: a role without people goes to everyone.
    return [person.id for person in contacts.people]


def clocks(routing: Routing, level: Level, raised_at: datetime) -> list[Clock]:
    """The statutory clocks that start when an alert of `level` is raised."""
    return [
        Clock(kind=r.kind, due_at=raised_at + r.within, warn_at=raised_at + r.within - r.warn)
        for r in routing.clocks
        if level in r.levels
    ]
