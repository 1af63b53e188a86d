"""config/contacts.yaml: who can be told, on which channels, and who has which role."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from response.durations import Clock, Strict, known, within
from response.roster import NO_DUTY, PREFIX, Duty
from schemas.analysis import Level

Graded = Literal["I", "II", "III", "IV"]


class Channel(Strict):
    """`apprise` takes its address from an environment variable or a file: it holds a secret."""

    kind: Literal["inbox", "webhook", "apprise"]
    url: str | None = None
    secret_env: str | None = None
    url_env: str | None = None
    url_file: str | None = None
    backup: bool = False  # used only when a channel before it failed for good or is dead

    @model_validator(mode="after")
    def _has_an_address(self) -> Self:
        if self.kind == "webhook" and not self.url:
            raise ValueError("a webhook needs its url")
        if self.kind == "apprise":
            if self.url:
                raise ValueError("an apprise address holds a secret: use url_env or url_file")
            if bool(self.url_env) == bool(self.url_file):
                raise ValueError("an apprise channel needs url_env or url_file, one of them")
        return self

    @property
    def address(self) -> str:
        """What tells it from the person's other channels; never a secret."""
        return self.url or self.url_env or self.url_file or ""


class Quiet(Strict):
    """Messages of `levels` wait from … until … and then come as one digest."""

    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="to")]
    levels: Annotated[list[Graded], Field(min_length=1)] = ["III", "IV"]


class Digest(Strict):
    """Messages of `levels` are collected and come once a day."""

    at: Clock
    levels: Annotated[list[Graded], Field(min_length=1)] = ["IV"]


class Contact(Strict):
    id: str
    name: str
    channels: Annotated[list[Channel], Field(min_length=1)]
    language: Literal["zh", "en"] = "zh"
    quiet: Quiet | None = None
    digest: Digest | None = None

    def held_until(self, level: Level, local: datetime) -> datetime | None:
        """When a message of `level` may ring; None: now. `local` is in the person's zone."""
        if self.digest and level in self.digest.levels:
            return _next(local, self.digest.at)
        quiet = self.quiet
        if quiet and level in quiet.levels and within(local.time(), quiet.start, quiet.end):
            return _next(local, quiet.end)
        return None


def _next(local: datetime, at: time) -> datetime:
    today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)


class Role(Strict):
    """People or `roster:ID`; those of the region and department come before the default."""

    default: Annotated[list[str], Field(min_length=1)]
    departments: dict[str, list[str]] = {}
    regions: dict[str, list[str]] = {}  # by the beginning of the division code: "3301"

    @field_validator("default")
    @classmethod
    def _default_known(cls, names: list[str], info: ValidationInfo) -> list[str]:
        return [_target(info, name) for name in names]

    @field_validator("departments", "regions")
    @classmethod
    def _known(cls, names: dict[str, list[str]], info: ValidationInfo) -> dict[str, list[str]]:
        return {key: [_target(info, name) for name in each] for key, each in names.items()}

    def people(self, departments: list[str], places: list[str] | None = None) -> list[str]:
        found = [p for d in departments for p in self.departments.get(d, [])]
        found += [
            p
            for region, people in self.regions.items()
            if any(code.startswith(region) for code in places or [])
            for p in people
        ]
        return list(dict.fromkeys(found)) or self.default


def _target(info: ValidationInfo, name: str) -> str:
    if name.startswith(PREFIX):
        known(info, "roster", name.removeprefix(PREFIX), "add it to rosters in duty.yaml")
        return name
    return known(info, "person", name, "add them to people")


class Contacts(Strict):
    """config/contacts.yaml."""

    people: Annotated[list[Contact], Field(min_length=1)]
    roles: dict[str, Role]

    @model_validator(mode="after")
    def _people_exist(self) -> Self:
        ids = [person.id for person in self.people]
        if len(set(ids)) < len(ids):
            raise ValueError("two people have the same id")
        for name, role in self.roles.items():
            groups = [role.default, *role.departments.values(), *role.regions.values()]
            for person in (p for group in groups for p in group if not p.startswith(PREFIX)):
                if person not in ids:
                    raise ValueError(f"role {name} names {person!r}, who is not among people")
        return self

    def person(self, contact_id: str) -> Contact | None:
        return next((p for p in self.people if p.id == contact_id), None)

    def of_role(
        self,
        role: str,
        departments: list[str],
        places: list[str],
        when: datetime,
        duty: Duty = NO_DUTY,
    ) -> tuple[list[str], str]:
        """(who has `role` at `when`, why). Rather the wrong person than nobody."""
        everybody = [person.id for person in self.people]
        if role not in self.roles:
            return everybody, f"没有人担任 {role}，通知所有人"
        found, why = duty.people(self.roles[role].people(departments, places), when)
        return (found, why) if found else (everybody, f"{why}，通知所有人")
