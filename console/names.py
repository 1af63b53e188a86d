"""Chinese names of what documents name by id: topics, departments, people, rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from console.reports import said
from models.names import department_names, place_name, rule_names, topic_names
from models.source_names import source_names
from models.taxonomy import OTHER, load_taxonomy
from response.contacts import Contacts
from response.evidence import evidence
from schemas.yaml_file import load_yaml


def topics(config: Path) -> list[str]:
    return [*(topic.id for topic in load_taxonomy(config)[0].topics), OTHER]


def filters(config: Path) -> dict[str, Callable[..., str]]:
    """Template filters; an id that the configuration does not name stays as it is."""
    sources = source_names(config)
    contacts = load_yaml(config / "contacts.yaml", Contacts)
    return {
        "topic": _of(topic_names(config)),
        "department": _of(department_names(config)),
        "person": _of({person.id: person.name for person in contacts.people}),
        "rule": _of(rule_names(config)),
        "place": place_name,
        "source": sources,
        "said": lambda news: said(news, sources),
        "evidence": evidence(topic_names(config) | department_names(config)),
    }


def _of(names: dict[str, str]) -> Callable[[str], str]:
    return lambda key: names.get(key, key)
