"""Duty rosters (值班表): shifts that people take in turn, and stand-ins (代班)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from response.calendar import Calendar, Period
from response.durations import Clock, Moment, Strict, known, within

PREFIX = "roster:"  # a role names a roster as roster:ID
Name = Annotated[str, Field(min_length=1, max_length=40)]


class Shift(Strict):
    """The people take turns of `days` days from `since` on; hand-over is at `from`."""

    name: Name
    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="to")]
    during: list[Period] = []  # only when the shift begins in one of these; empty: every day
    people: Annotated[list[str], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=366)] = 1
    since: date

    @field_validator("people")
    @classmethod
    def _known(cls, people: list[str], info: ValidationInfo) -> list[str]:
        return [known(info, "person", p, "add them to people in contacts.yaml") for p in people]

    def begins(self, local: datetime) -> date | None:
        """The day on which the occurrence that holds `local` began; None: not its time."""
        at = local.time()
        if not within(at, self.start, self.end):
            return None
        past_midnight = self.start >= self.end and at < self.start
        return local.date() - timedelta(days=past_midnight)

    def turn(self, day: date) -> str:
        return self.people[(day - self.since).days // self.days % len(self.people)]


class Roster(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    name: Name
    shifts: Annotated[list[Shift], Field(min_length=1)]


class StandIn(Strict):
    """`stand_in` takes what would go to `person` from … until …, everywhere."""

    person: str
    stand_in: str
    start: Annotated[Moment, Field(alias="from")]
    end: Annotated[Moment, Field(alias="to")]
    reason: Annotated[str, Field(max_length=80)] = ""

    @field_validator("person", "stand_in")
    @classmethod
    def _known(cls, person: str, info: ValidationInfo) -> str:
        return known(info, "person", person, "add them to people in contacts.yaml")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a stand-in must end after it begins")
        return self


class Duty(Strict):
    """config/duty.yaml."""

    calendar: Calendar = Field(default_factory=Calendar)
    rosters: list[Roster] = []
    stand_ins: list[StandIn] = []

    @field_validator("rosters")
    @classmethod
    def _ids_differ(cls, rosters: list[Roster]) -> list[Roster]:
        ids = [roster.id for roster in rosters]
        if len(set(ids)) < len(ids):
            raise ValueError("two rosters have the same id")
        return rosters

    def on_duty(self, roster_id: str, when: datetime) -> tuple[str | None, str]:
        """(who has the duty at `when`, before stand-ins, or None; why)."""
        roster = next((r for r in self.rosters if r.id == roster_id), None)
        if roster is None:
            return None, f"没有值班表 {roster_id}"
        local = self.calendar.local(when)
        for shift in roster.shifts:
            day = shift.begins(local)
            if day is None:
                continue
            began = datetime.combine(day, shift.start, local.tzinfo)
            if shift.during and self.calendar.period(began)[0] not in shift.during:
                continue
            return shift.turn(day), f"{roster.name} {day:%m-%d} {shift.name}"
        return None, f"{roster.name}此时无人值班"

    def present(self, person: str, when: datetime) -> tuple[str, str]:
        """(`person` or who stands in for them at `when`, why or "")."""
        why, seen = "", {person}
        while found := self._stand_in(person, when):
            if found.stand_in in seen:  # two who stand in for each other: the last one has it
                break
            seen.add(found.stand_in)
            reason = f"（{found.reason}）" if found.reason else ""
            why += f"，{found.person}{reason}由 {found.stand_in} 代班"
            person = found.stand_in
        return person, why

    def _stand_in(self, person: str, when: datetime) -> StandIn | None:
        return next(
            (s for s in self.stand_ins if s.person == person and s.start <= when < s.end), None
        )

    def people(self, names: Iterable[str], when: datetime) -> tuple[list[str], str]:
        """(contact ids for people and `roster:ID` names, why each)."""
        found: dict[str, str] = {}
        silent: list[str] = []
        for name in names:
            person, why = (
                self.on_duty(name.removeprefix(PREFIX), when)
                if name.startswith(PREFIX)
                else (name, "")
            )
            if person is None:
                silent.append(why)
                continue
            present, instead = self.present(person, when)
            found.setdefault(present, (why + instead).strip("，"))
        reasons = [*(f"{person}：{why}" for person, why in found.items() if why), *silent]
        return list(found), "；".join(reasons)


NO_DUTY = Duty()
