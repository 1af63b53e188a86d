"""Deaths, injuries, missing people and losses that a text states, as numbers (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from models.casualty_figures import figures
from models.casualty_patterns import BACKGROUND, DENIAL, LOSS, WEAK
from models.casualty_words import Hit, hits
from models.joined import among, join
from models.numerals import number
from schemas.analysis import Casualties

READ = 2_000  # characters of a text that are read
_ENDS = among("。!?;\n")
_LEAST = ("人员伤亡", "伤亡", "任何伤害", "人员死伤", "死亡", "受伤")  # what a denial can name


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
    found = hits(batch)
    if not found:
        return out
    at = np.array([hit.at for hit in found], dtype=np.int64)
    ends = np.flatnonzero(_ENDS.take(batch.codes))  # the separators of texts are among them
    stop = np.searchsorted(ends, at)
    owner = batch.owner(at).tolist()
    begin, end = (ends[stop - 1] + 1).tolist(), ends[stop].tolist()
    marked = zip(owner, begin, end, found, strict=True)
    for text, group in groupby(marked, key=lambda row: row[0]):
        first, last = int(batch.starts[text]), int(batch.ends[text])
        own = [(a, b, hit) for _, a, b, hit in group]
        out[text] = _of(batch.folded, first, last, own)
    return out


def _of(text: str, first: int, last: int, own: list[tuple[int, int, Hit]]) -> Harm:
    best: dict[str, int] = {}
    words = set()
    for (begin, end), group in groupby(own, key=lambda row: row[:2]):
        sentence = [hit for _, _, hit in group]
        words |= {hit.word for hit in sentence}
        if begin > first and BACKGROUND.search(text, begin, end):
            continue
        for field, count in figures(text, begin, end, sentence, best).items():
            best[field] = max(count, best.get(field, 0))
    if "deaths" not in best or "injuries" not in best:
        _weaker(text, first, last, words, best)
    loss = _loss(text, first, last) if "损失" in words else None
    return Harm(
        best.get("deaths"), best.get("injuries"), best.get("missing"), loss,
        best.get("serious"), best.get("ill"),
    )  # fmt: skip


def _weaker(text: str, first: int, last: int, words: set[str], best: dict[str, int]) -> None:
    """Bodies found, single people without a number, and denials, in this order."""
    if words & {"尸体", "遗体", "伤者", "伤员"}:
        for match in WEAK.finditer(text, first, last):
            if match["bodies"]:
                best.setdefault("deaths", number(match["bodies"]) or 0)
            elif "deaths" not in best:
                best.setdefault("injuries", number(match["hurt"]) or 0)
    if "one_deaths" in best:
        best.setdefault("deaths", 1)
    if "one_injuries" in best and "injuries" not in best:
        best["injuries"], best["serious"] = 1, best["one_injuries"]
    if not words.isdisjoint(_LEAST):
        for match in DENIAL.finditer(text, first, last):
            if match["both"] or match["dead"]:
                best.setdefault("deaths", 0)
            if match["both"] or match["hurt"]:
                best.setdefault("injuries", 0)


def _loss(text: str, first: int, last: int) -> int | None:
    found = [
        number(match["after"] or match["before"]) for match in LOSS.finditer(text, first, last)
    ]
    return max((value for value in found if value is not None), default=None)
