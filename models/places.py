"""Places named in a text, with administrative codes where they have one (C4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import itemgetter

from models import gazetteer
from models.gazetteer import Named
from models.tagger import Spans, spans
from schemas.analysis import Place

PLACE, SUBJECT = 1, 2  # their index in models.tagger.KINDS
# Characters that places end in: what follows the last of them is no part of a longer place.
_ENDING = re.compile(
    ".*[场院校路街道区县市省村镇乡处口边旁内外里中上下间楼层室厅店馆站桥隧洞山河江湖海岛岸库厂地门家国州"
    "城郊段线园寺庙坝港滩峡谷井矿林田巷弄号栋座堂房府会所局台心点近部方带北南东西前后顶底处]"
)
_LEADING = re.compile("[在从到往于至距自由]|位于|地处")
_LONG = 6  # characters of a place that is looked at twice
_Span = tuple[int, int, int]  # begin, end, kind


def places(
    texts: Sequence[str],
    regions: Sequence[str | None] | None = None,
    tagged: Spans | None = None,
) -> list[list[Place]]:
    """The places of each text, in order. `regions` are the division codes of the sources.

    A place that is no division (现场, a road, a hospital) has code None, as has one that stays
    ambiguous; `candidates` then lists what it may mean. A division named only within an
    organisation (武汉市公安局) is listed when the text names no other.
    """
    tagged = tagged or spans(texts)
    batch = tagged.batch
    names = tagged.known.names
    out: list[list[Place]] = []
    n = s = 0
    starts, ends, kinds = tagged.start.tolist(), tagged.end.tolist(), tagged.kind.tolist()
    for i, stop in enumerate(batch.ends.tolist()):
        here: list[Named] = []
        while n < len(names) and names[n].start < stop:
            here.append(names[n])
            n += 1
        spanned: list[_Span] = []
        while s < len(starts) and starts[s] < stop:
            if kinds[s]:
                spanned.append((starts[s], ends[s], kinds[s]))
            s += 1
        out.append(_places(batch.text, here, spanned, regions[i] if regions else None))
    return out


def _places(text: str, names: list[Named], spanned: list[_Span], region: str | None) -> list[Place]:
    if not names:
        return [Place(text=text[start:end]) for start, end, kind in spanned if kind == PLACE]
    held, holder = _held(names, spanned)
    codes = gazetteer.resolve(held, region)
    found: list[tuple[int, Place]] = []
    best: dict[int, tuple[str | None, Named]] = {}  # span -> its deepest division
    for name, span, code in zip(held, holder, codes, strict=True):
        if span < 0:
            found.append((name.start, _place(text[name.start : name.end], code, name)))
        elif span not in best or _deeper(code, best[span][0]):
            best[span] = (code, name)
    for j, (start, end, kind) in enumerate(spanned):
        if kind == PLACE:
            code, owner = best.get(j, (None, None))
            found.append((start, _place(_neat(text[start:end]), code, owner)))
    if not any(place.code for _, place in found):
        found += [
            (name.start, _place(text[name.start : name.end], code, name))
            for j, (code, name) in best.items()
            if spanned[j][2] == SUBJECT and code
        ]
    found.sort(key=_begin)
    return [place for _, place in found]


_begin = itemgetter(0)


def _held(names: list[Named], spanned: list[_Span]) -> tuple[list[Named], list[int]]:
    """The names that count, and for each the span that holds it (-1: none)."""
    held, holder = [], []
    at = 0
    for name in names:
        while at < len(spanned) and spanned[at][1] <= name.start:
            at += 1
        inside = at < len(spanned) and spanned[at][0] < name.end
        if name.plain or (inside and spanned[at][2] == PLACE):
            held.append(name)
            holder.append(at if inside else -1)
    return held, holder


def _neat(text: str) -> str:
    """The place without what the tagger took in too much: 江岸区一工地塔吊侧翻 → 江岸区一工地."""
    if len(text) <= _LONG:
        return text
    lead = _LEADING.match(text)
    if lead is not None:
        text = text[lead.end() :]
    match = _ENDING.match(text)
    return match[0] if match is not None and len(match[0]) > 1 else text


def _deeper(code: str | None, before: str | None) -> bool:
    return code is not None and (before is None or code.startswith(before.rstrip("0")))


def _place(text: str, code: str | None, name: Named | None) -> Place:
    if name is None or len(name.codes) == 1:
        return Place(text=text, code=code)
    return Place(text=text, code=code, candidates=[c for c in name.codes if c != code])
