"""Times named in a text, with their ISO values (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from models.joined import FOLD
from models.tagger import Spans, spans
from models.time_patterns import EXPLICIT
from models.time_values import context, value
from schemas.analysis import TimeMention

TIME = 0  # its index in models.tagger.KINDS
_BEFORE, _AFTER = 12, 16  # characters around an anchor that a time may reach
# Two neighbouring characters that make a time: each bit joins its firsts to its seconds.
_PAIRS = (
    ("0123456789", "年月日时点:"),
    ("〇零一二三四五六七八九十", "月日"),
    ("〇零一二三四五六七八九", "年"),
    ("今昨前明", "天日年晚早晨夜"),
    ("周期拜", "一二三四五六日末"),
    ("上本下这去", "周月年"),
    ("午晨晚上", "0123456789一二三四五六七八九十"),
    ("近日当中凌傍清上下", "日前期晚午晨"),
)


def _flags(side: int) -> npt.NDArray[np.uint8]:
    flags = np.zeros(0x10000, dtype=np.uint8)
    for bit, pair in enumerate(_PAIRS):
        flags[[ord(mark) for mark in pair[side]]] |= 1 << bit
    return flags[FOLD]


_FIRST, _SECOND = _flags(0), _flags(1)


def times(
    texts: Sequence[str],
    published: Sequence[datetime | None],
    tagged: Spans | None = None,
) -> list[list[TimeMention]]:
    """The times of each text, in order. `tagged` is what the tagger said of the same texts."""
    tagged = tagged or spans(texts)
    found = named(tagged)
    out: list[list[TimeMention]] = [[] for _ in texts]
    batch = tagged.batch
    owner = batch.owner(np.array([start for start, _ in found], dtype=np.int64)).tolist()
    known, current = context(None), -1
    for (start, end), text in zip(found, owner, strict=True):
        if text != current:
            known, current = context(published[text]), text
        iso = value(batch.folded[start:end], known)
        out[text].append(TimeMention(text=batch.text[start:end], value=iso))
    return out


def named(tagged: Spans) -> list[tuple[int, int]]:
    """Where times are named in the tagged batch: the tagger's, and explicit ones it missed."""
    kept = tagged.kind == TIME
    start, end = tagged.start[kept], tagged.end[kept]
    found = list(zip(start.tolist(), end.tolist(), strict=True))
    codes = tagged.batch.codes
    anchors = np.flatnonzero(_FIRST.take(codes[:-1]) & _SECOND.take(codes[1:])) + 1
    before = np.searchsorted(start, anchors, side="right") - 1
    if len(start):
        anchors = anchors[(before < 0) | (anchors >= end[before])]
    folded, reached = tagged.batch.folded, 0
    extra = []
    for anchor in anchors.tolist():
        if anchor < reached:
            continue
        match = EXPLICIT.search(folded, max(reached, anchor - _BEFORE), anchor + _AFTER)
        if match is not None and match.start() <= anchor < match.end():
            extra.append(match.span())
            reached = match.end()
    return sorted(found + _apart(extra, start, end)) if extra else found


def _apart(
    extra: list[tuple[int, int]], start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Those of `extra` that touch no span of the tagger."""
    if not len(start):
        return extra
    begins = np.array([a for a, _ in extra])
    stops = np.array([b for _, b in extra])
    nearest = np.minimum(np.searchsorted(end, begins, side="right"), len(start) - 1)
    free = (stops <= start[nearest]) | (begins >= end[nearest])
    return [span for span, alone in zip(extra, free.tolist(), strict=True) if alone]
