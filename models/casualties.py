"""Deaths, injuries, missing people and losses that a text states, as numbers (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.casualty_figures import figures
from models.casualty_patterns import BACKGROUND, DENIAL, LOSS, ONE, SENTENCE, WEAK
from models.joined import join
from models.numerals import number
from schemas.analysis import Casualties

READ = 2_000  # characters of a text that are read
_HINTS = "死亡伤难踪联毒丧损殉害病呕泻痛适院"


@dataclass(frozen=True, slots=True)
class Harm:
    """What a text states of harm; None where it states nothing, 0 where it denies it.

    `injuries` are all hurt or ill; `serious` those hurt for whom the text does not say that it
    was light (the grades count serious injuries only); `ill` the poisoned and sick.
    """

    deaths: int | None = None
    injuries: int | None = None
    missing: int | None = None
    loss_yuan: int | None = None
    serious: int | None = None
    ill: int | None = None


def casualties(texts: Sequence[str]) -> list[Casualties]:
    """As `harms`, as the record that documents hold."""
    return [record(harm) for harm in harms(texts)]


def record(harm: Harm) -> Casualties:
    return Casualties(
        deaths=harm.deaths,
        injuries=harm.injuries,
        missing=harm.missing,
        loss_yuan=harm.loss_yuan,
    )


def harms(texts: Sequence[str]) -> list[Harm]:
    """The largest figure of a sentence that is no part of another (其中…) and no history counts;
    parts of one sentence (3人重伤，14人轻伤) are added. Vague figures (数十人) count as none.
    """
    out = [Harm() for _ in texts]
    batch = join(texts, READ)
    hints = np.isin(batch.codes, _CODES)
    for i in np.unique(batch.owner(np.flatnonzero(hints))).tolist():
        out[i] = _of(batch.folded[int(batch.starts[i]) : int(batch.ends[i])])
    return out


_CODES = np.array([ord(c) for c in _HINTS], dtype=np.uint16)


def _of(text: str) -> Harm:
    best: dict[str, int] = {}
    for index, sentence in enumerate(SENTENCE.split(text)):
        if index and BACKGROUND.search(sentence):
            continue
        for field, count in figures(sentence, best).items():
            best[field] = max(count, best.get(field, 0))
    if "deaths" not in best or "injuries" not in best:
        _single(text, best)
        _denied(text, best)
    return Harm(
        deaths=best.get("deaths"),
        injuries=best.get("injuries"),
        missing=best.get("missing"),
        loss_yuan=_loss(text),
        serious=best.get("serious"),
        ill=best.get("ill"),
    )


def _single(text: str, best: dict[str, int]) -> None:
    for match in WEAK.finditer(text):
        if match["bodies"]:
            best.setdefault("deaths", number(match["bodies"]) or 0)
        elif "deaths" not in best:
            best.setdefault("injuries", number(match["hurt"]) or 0)
    for match in ONE.finditer(text):
        field = "deaths" if match["dead"] else "injuries"
        if field not in best:
            best[field] = 1
            if field == "injuries":
                best["serious"] = int("轻" not in match[0])


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
