"""The figure that goes with one word of harm, and the figures of a sentence put together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.casualty_patterns import (
    ACTIVE,
    AFTER,
    ALSO,
    BEFORE,
    BEFORE_ILL,
    CURE,
    DISOWNED,
    MORE,
    NEGATED,
    NUMERAL,
    ONE_AFTER,
    ONE_BEFORE,
    PART,
    PASSIVE,
    RUMOURED,
    THE_DEAD,
)  # fmt: skip
from models.casualty_words import Hit, Placed
from models.numerals import number

_DENIED = 9  # characters before a word in which it can be denied (30多人经检查无明显症状)
_REACH = 46  # characters before a word that are read
Figure = tuple[int, int, int]  # (the number, where it begins, where it ends)


def figures(
    text: str, start: int, end: int, hits: Sequence[Placed], before: dict[str, int]
) -> dict[str, int]:
    """Field -> figure of the sentence `text[start:end]`.

    `before` holds what earlier sentences gave: 另有1人抢救无效死亡 adds to it. Fields in lower
    case letters with `one_` are single people without a number (司机受伤).
    """
    found: dict[str, int] = {}
    sick = light = 0
    reached, part = start, False
    doubt = text.find("传", start, end) >= 0 or text.find("谣", start, end) >= 0
    for _, _, clause, hit in hits:
        if not hit.field or hit.at < reached:
            continue
        figure = _figure(text, reached, end, clause, hit)
        if figure is None:
            _single(text, reached, hit, found)
            continue
        count, first, last = figure
        lead = text[reached:first]
        reached = last
        part = part or bool(PART.search(lead))
        if doubt and (RUMOURED.search(lead[-16:]) or DISOWNED.search(text[last : last + 10])):
            continue
        field = hit.field
        more = MORE.search(lead[-6:])
        if field == "ill":
            sick = sick if more and sick else max(sick, count)
        elif part and found.get(field, -1) >= count:
            continue
        elif field in found:
            found[field] += count
        elif before.get(field) and ((more and CURE.search(text[first:last])) or ALSO.search(lead)):
            found[field] = before[field] + count
        else:
            found[field] = count
        if field == "injuries" and "轻" in hit.word:
            light += count
    if "injuries" in found:
        found["serious"] = max(found["injuries"] - light, 0)
    if sick:
        found["ill"] = sick
        found["injuries"] = max(sick, found.get("injuries", 0))
    return found


def _figure(text: str, reached: int, end: int, clause: int, hit: Hit) -> Figure | None:
    far = max(reached, hit.at - _REACH)
    near = max(clause, far)
    if near > far and (text[near] == "被" or text[near + 1 : hit.at] == "部"):
        near = far  # 一名女子,被烧死; 一名乘客没系安全带,头部受伤
    after = hit.at + len(hit.word)
    if NUMERAL.search(text, near, hit.at):
        match = BEFORE.search(text[near : hit.at])
        if match is not None:
            count = _count(match, hit.word, text[after : after + 1])
            return (count, near + match.start(), after) if count else None
    if hit.field == "ill" and text.find("出现", far, hit.at) >= 0:
        match = BEFORE_ILL.search(text[far : hit.at])
        if match is not None:
            count = number(match["n"])
            return (count, far + match.start(), after) if count else None
    match = AFTER.match(text, after, end)
    if match is None:
        return None
    count = number(match["risen"] or match["n"] or match["bare"])
    return (count, hit.at, match.end()) if count else None


def _count(match: re.Match[str], word: str, after: str) -> int | None:
    if match["men"]:
        men, women = number(match["men"]), number(match["women"])
        return None if men is None or women is None else men + women
    who = match["who"] or ""
    if NEGATED.search(who[-_DENIED:]):
        return None
    if word in ACTIVE and not PASSIVE.search(who):  # 一个房间打死五只蚊子
        return None
    if word in THE_DEAD and who:
        return None
    if who.startswith("以上") and after == "的":  # 10人以上死亡的事故
        return None
    count = number(match["n"])
    if count is not None and match["plus"]:
        count += number(match["plus"]) or 0
    return count


def _single(text: str, reached: int, hit: Hit, found: dict[str, int]) -> None:
    clause = text[max(reached, hit.at - 12) : hit.at]
    hurt = hit.word in ("撞伤", "砸伤", "压伤")
    if hit.field in ("deaths", "injuries") and len(hit.word) > 1:
        after = hit.at + len(hit.word)
        if ONE_BEFORE.search(clause) or (hurt and ONE_AFTER.match(text, after, after + 14)):
            found[f"one_{hit.field}"] = 0 if "轻" in hit.word else 1
