"""Deaths, injuries, missing people and losses that a text states, as numbers (C4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.casualty_patterns import (
    BACKGROUND, CURE, DENIAL, LOSS, MORE, NEGATED, ONE, PART, SENTENCE, STATEMENT, WEAK,
)  # fmt: skip
from models.joined import join
from models.numerals import number
from schemas.analysis import Casualties

READ = 2_000  # characters of a text that are read
_HINTS = "死亡伤难踪联毒丧损殉害病呕泻痛适院"


def casualties(texts: Sequence[str]) -> list[Casualties]:
    """One record a text: None where it states nothing, 0 where it denies.

    The largest figure of a sentence that is no part of another (其中…) and no history counts;
    parts of one sentence (3人重伤，14人轻伤) are added. Injuries include the poisoned and ill,
    as the accident grades of the State Council count them. Vague figures (数十人) count as none.
    """
    out = [Casualties() for _ in texts]
    batch = join(texts, READ)
    hints = np.isin(batch.codes, _CODES)
    for i in np.unique(batch.owner(np.flatnonzero(hints))).tolist():
        folded = batch.folded[int(batch.starts[i]) : int(batch.ends[i])]
        out[i] = _of(folded)
    return out


_CODES = np.array([ord(c) for c in _HINTS], dtype=np.uint16)


def _of(text: str) -> Casualties:
    best: dict[str, int] = {}
    for index, sentence in enumerate(SENTENCE.split(text)):
        if index and BACKGROUND.search(sentence):
            continue
        for field, count in _sentence(sentence, best).items():
            best[field] = max(count, best.get(field, 0))
    if "deaths" not in best or "injuries" not in best:
        _single(text, best)
        _denied(text, best)
    return Casualties(
        deaths=best.get("deaths"),
        injuries=best.get("injuries"),
        missing=best.get("missing"),
        loss_yuan=_loss(text),
    )


def _sentence(sentence: str, before: dict[str, int]) -> dict[str, int]:
    """Field -> figure. `before` holds what earlier sentences gave, for 另有…不治."""
    found: dict[str, int] = {}
    sick = 0
    reached = 0
    part = False
    for match in STATEMENT.finditer(sentence):
        field, count = _figure(match)
        lead = sentence[reached : match.start()]
        reached = match.end()
        part = part or bool(PART.search(lead))
        if count is None:
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
    if sick:
        found["injuries"] = max(sick, found.get("injuries", 0))
    return found


def _figure(match) -> tuple[str, int | None]:  # type: ignore[no-untyped-def]
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


def _single(text: str, best: dict[str, int]) -> None:
    for match in WEAK.finditer(text):
        if match["bodies"]:
            best.setdefault("deaths", number(match["bodies"]) or 0)
        elif "deaths" not in best:
            best.setdefault("injuries", number(match["hurt"]) or 0)
    for match in ONE.finditer(text):
        field = "deaths" if match["dead"] else "injuries"
        best.setdefault(field, 1)


def _denied(text: str, best: dict[str, int]) -> None:
    for match in DENIAL.finditer(text):
        if match["both"] or match["dead"]:
            best.setdefault("deaths", 0)
        if match["both"] or match["hurt"]:
            best.setdefault("injuries", 0)


def _loss(text: str) -> int | None:
    found = [
        number(match["after"] or match["before"] or match["loose"]) for match in LOSS.finditer(text)
    ]
    return max((value for value in found if value is not None), default=None)
