"""Deaths, injuries, missing people and losses that a text states, as numbers (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np

from models.casualty_figures import figures
from models.casualty_patterns import BACKGROUND, DENIABLE, DENIAL, EARLIER, LOSS, OLDER, WEAK
from models.casualty_words import Placed, hits
from models.joined import among, join
from models.numerals import number
from schemas.analysis import Casualties

READ = 2_000  # characters of a text that are read
_ENDS = among("。!?;\n")
_BODIES, _HURT = ("尸体", "遗体"), ("伤者", "伤员")
_NEAR = 24  # characters before such a word that are read
_TITLE = 100  # characters of a title line
_STOPS = among(",:。!?;\n")


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


_NOTHING = Harm()


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
    out = [_NOTHING] * len(texts)
    batch = join(texts, READ)
    found = hits(batch)
    if not found:
        return out
    at = np.array([hit.at for hit in found], dtype=np.int64)
    ends = np.flatnonzero(_ENDS.take(batch.codes))  # the separators of texts are among them
    stop = np.searchsorted(ends, at)
    owner = batch.owner(at).tolist()
    begin, end = (ends[stop - 1] + 1).tolist(), ends[stop].tolist()
    stops = np.flatnonzero(_STOPS.take(batch.codes))
    clause = (stops[np.searchsorted(stops, at) - 1] + 1).tolist()
    folded = batch.folded
    rows = zip(owner, begin, end, clause, found, strict=True)
    for text, group in groupby(rows, key=itemgetter(0)):
        first, last = int(batch.starts[text]), int(batch.ends[text])
        own = [Placed(a, b, c, hit) for _, a, b, c, hit in group]
        out[text] = _of(folded, first, last, own)
    return out


def _of(text: str, first: int, last: int, own: list[Placed]) -> Harm:
    best: dict[str, int] = {}
    words = {row.hit.word for row in own}
    # The first sentence after a title line is as little history as the first of a text.
    head = max(first, text.find("\n", first, min(first + _TITLE, last)) + 1)
    denied = False  # 尚无人员伤亡: what is dated after it is another event
    for begin, group in groupby(own, key=itemgetter(0)):
        sentence = list(group)
        end = sentence[0].end
        if begin > head and (
            BACKGROUND.search(text, begin, end)
            or (denied and EARLIER.match(text, begin, end))
            or (best and OLDER.match(text, begin, end))
        ):
            continue
        denied = denied or any(_denies(text, row) for row in sentence)
        for field, count in figures(text, begin, end, sentence, best).items():
            best[field] = max(count, best.get(field, 0))
    if "deaths" not in best or "injuries" not in best:
        _weaker(text, own, best)
        _denied(text, own, best)
    loss = _loss(text, first, last) if "损失" in words else None
    return Harm(
        best.get("deaths"), best.get("injuries"), best.get("missing"), loss,
        best.get("serious"), best.get("ill"),
    )  # fmt: skip


def _weaker(text: str, own: list[Placed], best: dict[str, int]) -> None:
    """Bodies found (两具尸体), the hurt (三名伤者), single people without a number (司机受伤)."""
    for row in own:
        word, at = row.hit.word, row.hit.at
        if word in _BODIES and "deaths" not in best:
            match = WEAK.search(text[max(row.clause, at - _NEAR) : at + len(word)])
            if match is not None and match["bodies"]:
                best["deaths"] = number(match["bodies"]) or 0
    for row in own:
        word, at = row.hit.word, row.hit.at
        if word in _HURT and "injuries" not in best and "deaths" not in best:
            match = WEAK.search(text[max(row.clause, at - _NEAR) : at + len(word)])
            if match is not None and match["hurt"]:
                best["injuries"] = number(match["hurt"]) or 0
    if "one_deaths" in best:
        best.setdefault("deaths", 1)
    if "one_injuries" in best and "injuries" not in best:
        best["injuries"], best["serious"] = 1, best["one_injuries"]


def _denied(text: str, own: list[Placed], best: dict[str, int]) -> None:
    """未造成人员伤亡, 尚未出现人员死亡的情况: 0 where no figure is given."""
    for row in own:
        if _denies(text, row):
            for field in DENIABLE[row.hit.word]:
                best.setdefault(field, 0)


def _denies(text: str, row: Placed) -> bool:
    fields, at = DENIABLE.get(row.hit.word), row.hit.at
    if not fields or (len(fields) == 1 and text[at - 1] not in "人员"):
        return False
    if text.startswith("事故", at + len(row.hit.word)):  # 从未发生类似的人员伤亡事故
        return False
    return DENIAL.search(text[max(row.clause, at - 14) : at]) is not None


def _loss(text: str, first: int, last: int) -> int | None:
    found = [
        number(match["after"] or match["before"]) for match in LOSS.finditer(text, first, last)
    ]
    return max((value for value in found if value is not None), default=None)
