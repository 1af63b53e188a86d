"""routing.yaml, contacts.yaml and duty.yaml together, each checked against the others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from response.contacts import Contacts
from response.roster import Duty
from response.routing import Routing
from schemas.yaml_file import load_yaml

FILES = ("routing.yaml", "contacts.yaml", "duty.yaml")


@dataclass(frozen=True)
class Plan:
    routing: Routing
    contacts: Contacts
    duty: Duty


def load_plan(folder: Path, departments: set[str] | None = None) -> Plan:
    """UserError with file and line where one file names what another does not have.

    `departments` are the ids that a route may name; None: not checked. A folder without
    duty.yaml has no rosters.
    """
    path = folder / "contacts.yaml"
    people = {person.id for person in load_yaml(path, Contacts).people}
    rosters = folder / "duty.yaml"
    duty = load_yaml(rosters, Duty, {"person": people}) if rosters.exists() else Duty()
    names = {"person": people, "roster": {roster.id for roster in duty.rosters}}
    contacts = load_yaml(path, Contacts, names)
    context = {"role": set(contacts.roles), "department": departments}
    return Plan(load_yaml(folder / "routing.yaml", Routing, context), contacts, duty)
