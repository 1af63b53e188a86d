"""Chinese names of what documents name by id: topics, departments, people, rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from models.severity_rules import load as load_rules
from models.taxonomy import load_taxonomy
from response.routing import Contacts
from schemas.yaml_file import load_yaml

OTHER = "other"  # what the models call a text of no topic
_OWN_RULES = {"context-most": "背景分上限", "bounds": "分值范围"}


def topics(config: Path) -> list[str]:
    return [*(topic.id for topic in load_taxonomy(config)[0].topics), OTHER]


def filters(config: Path) -> dict[str, Callable[[str], str]]:
    """Template filters; an id that the configuration does not name stays as it is."""
    taxonomy, departments = load_taxonomy(config)
    contacts = load_yaml(config / "contacts.yaml", Contacts)
    file = load_rules(config / "severity.yaml").file
    rules = {rule.id: rule.name for rule in (*file.rules, *file.guards) if rule.name}
    grades = {f"grade-{grade.level}": f"事故等级 {grade.level}" for grade in file.grades}
    return {
        "topic": _of({topic.id: topic.name for topic in taxonomy.topics} | {OTHER: "其他"}),
        "department": _of({each.id: each.name for each in departments.departments}),
        "person": _of({person.id: person.name for person in contacts.people}),
        "rule": _of(rules | grades | _OWN_RULES),
    }


def _of(names: dict[str, str]) -> Callable[[str], str]:
    return lambda key: names.get(key, key)
