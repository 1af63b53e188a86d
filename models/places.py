"""Places named in a text, with administrative codes where they have one (C4)."""

from __future__ import annotations

from collections.abc import Sequence

from models import gazetteer
from models.gazetteer import Named
from models.tagger import Spans, spans
from schemas.analysis import Place

PLACE, SUBJECT = 1, 2  # their index in models.tagger.KINDS
Found = list[tuple[int, int]]


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
    names = gazetteer.named(batch)
    out: list[list[Place]] = []
    n = s = 0
    starts, ends, kinds = tagged.start.tolist(), tagged.end.tolist(), tagged.kind.tolist()
    for i, stop in enumerate(batch.ends.tolist()):
        here: list[Named] = []
        while n < len(names) and names[n].start < stop:
            here.append(names[n])
            n += 1
        spanned: list[tuple[int, int, int]] = []
        while s < len(starts) and starts[s] < stop:
            if kinds[s]:
                spanned.append((starts[s], ends[s], kinds[s]))
            s += 1
        out.append(_places(batch.text, here, spanned, regions[i] if regions else None))
    return out


def _places(
    text: str, names: list[Named], spanned: list[tuple[int, int, int]], region: str | None
) -> list[Place]:
    inside: dict[int, int] = {}  # index of a name -> index of the span that holds it
    at = 0
    for k, name in enumerate(names):
        while at < len(spanned) and spanned[at][1] <= name.start:
            at += 1
        if at < len(spanned) and spanned[at][0] < name.end:
            inside[k] = at
    held = [
        (k, name)
        for k, name in enumerate(names)
        if name.plain or (k in inside and spanned[inside[k]][2] == PLACE)
    ]
    meant = gazetteer.resolve([name for _, name in held], region)
    codes = dict(zip((k for k, _ in held), meant, strict=True))
    best: dict[int, tuple[str | None, Named]] = {}  # span -> its deepest division
    alone: list[tuple[int, Place]] = []
    for k, name in held:
        span = inside.get(k)
        if span is None:
            alone.append((name.start, _place(text[name.start : name.end], codes[k], name)))
        elif span not in best or _deeper(codes[k], best[span][0]):
            best[span] = (codes[k], name)
    found = alone
    for j, (start, end, kind) in enumerate(spanned):
        if kind == PLACE:
            code, owner = best.get(j, (None, None))
            found.append((start, _place(text[start:end], code, owner)))
    if not any(place.code for _, place in found):
        found += [
            (name.start, _place(text[name.start : name.end], code, name))
            for j, (code, name) in best.items()
            if spanned[j][2] == SUBJECT and code
        ]
    return [place for _, place in sorted(found, key=lambda pair: pair[0])]


def _deeper(code: str | None, before: str | None) -> bool:
    return code is not None and (before is None or code.startswith(before.rstrip("0")))


def _place(text: str, code: str | None, name: Named | None) -> Place:
    others = [c for c in name.codes if c != code] if name and len(name.codes) > 1 else []
    return Place(text=text, code=code, candidates=others)
