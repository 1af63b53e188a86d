"""The figures of one sentence: parts added, parts of a whole left out."""

from __future__ import annotations

import re

from models.casualty_patterns import (
    CURE,
    DISOWNED,
    MORE,
    NEGATED,
    PART,
    RUMOURED,
    STATEMENT,
)  # fmt: skip
from models.numerals import number


def figures(sentence: str, before: dict[str, int]) -> dict[str, int]:
    """Field -> figure. `before` holds what earlier sentences gave, for 另有…不治."""
    found: dict[str, int] = {}
    sick = light = 0
    reached = 0
    part = False
    for match in STATEMENT.finditer(sentence):
        field, count = _figure(match)
        lead = sentence[reached : match.start()]
        reached = match.end()
        part = part or bool(PART.search(lead))
        around = sentence[max(0, match.start() - 16) : match.start()], sentence[match.end() :][:10]
        if count is None or RUMOURED.search(around[0]) or DISOWNED.search(around[1]):
            continue
        if field == "ill":
            sick = max(sick, count)
        elif part and found.get(field, -1) >= count:
            continue
        elif field in found:
            found[field] += count
        elif before.get(field) and MORE.search(lead[-6:]) and CURE.search(match[0]):
            found[field] = before[field] + count
        else:
            found[field] = count
        if field == "injuries" and "轻" in match[0]:
            light += count
    if "injuries" in found:
        found["serious"] = max(found["injuries"] - light, 0)
    if sick:
        found["ill"] = sick
        found["injuries"] = max(sick, found.get("injuries", 0))
    return found


def _figure(match: re.Match[str]) -> tuple[str, int | None]:
    group = match.groupdict()
    if group["n1"]:
        return _field(group["kind1"]), number(group["n1"])
    if group["men"]:
        men, women = number(group["men"]), number(group["women"])
        return _field(group["kind2"]), None if men is None or women is None else men + women
    if group["n5"]:
        return "ill", number(group["n5"])
    tail = "3" if group["n3"] else "4"
    field = (
        "deaths" if group["dead" + tail]
        else "injuries" if group["hurt" + tail]
        else "ill" if group["sick" + tail]
        else "missing"
    )  # fmt: skip
    if tail == "3" and NEGATED.search(group["who"] or ""):
        return field, None
    count = number(group["n" + tail])
    if count is not None and tail == "3" and group["plus"]:
        count += number(group["plus"]) or 0
    return field, count or None


def _field(word: str) -> str:
    if word in ("死亡", "遇难", "身亡"):
        return "deaths"
    return {"受伤": "injuries", "中毒": "ill"}.get(word, "missing")
