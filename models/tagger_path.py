"""The tagger's scores and the best path through each sentence, as one compiled pass."""

from __future__ import annotations

import numpy as np

from models.compiled import compiled, inlined
from models.joined import PAD
from models.tagger_features import BITS, GRAMS, KNOWN, MULTIPLIERS, SPREAD, TEMPLATES

_SHIFT = np.uint32(32 - BITS)
_SIZES = np.array([len(offsets) for _, offsets in GRAMS.values()])
_ON_CLASS = np.array([plane == "class" for plane, _ in GRAMS.values()])
_GRAM_OF = np.array([list(GRAMS).index(name) for name, _ in TEMPLATES])
_SEEN_FROM = np.array([at for _, at in TEMPLATES])


def best_labels(
    codes: np.ndarray, flags: np.ndarray, planes: tuple[np.ndarray, np.ndarray], ends: np.ndarray,
    tables: np.ndarray, moves: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """int8[characters]: the label of each, 0 at what `ends` (bool[65536]) names and in the
    first and last PAD characters.

    planes: uint32[65536] each, the folded character and its class; tables: int16[templates,
    rows, 4]; moves: int32[4, 4], from row to column; no span goes over an end.
    """
    return _best(
        codes, flags, planes[0], planes[1], ends, tables.reshape(-1), moves, _SIZES, _ON_CLASS,
        _GRAM_OF, _SEEN_FROM, MULTIPLIERS,
    )  # fmt: skip


@compiled
def _best(
    codes: np.ndarray, flags: np.ndarray, char: np.ndarray, kind: np.ndarray, ends: np.ndarray,
    tables: np.ndarray, moves: np.ndarray, sizes: np.ndarray, on_class: np.ndarray,
    gram_of: np.ndarray, seen_from: np.ndarray, by: np.ndarray,
) -> np.ndarray:  # fmt: skip
    size = len(codes)
    labels = np.zeros(size, np.int8)
    longest, begin = 0, 0
    for at in range(size):
        if ends[codes[at]]:
            longest, begin = max(longest, at - begin), at + 1
    rows = np.empty((len(sizes), longest + 2 * PAD), np.int32)
    scores, back = np.empty((longest, 4), np.int32), np.empty((longest, 4), np.int8)
    plane = np.empty((2, longest + 2 * PAD + 2), np.uint32)
    begin = PAD
    for at in range(PAD, size):
        if not ends[codes[at]]:
            continue
        if at > begin:
            many = at - begin
            _rows(codes, flags, char, kind, begin, many, sizes, on_class, by, plane, rows)
            for i in range(many):
                a, b, c, d = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
                for t in range(len(gram_of)):
                    row = rows[gram_of[t], i + PAD + seen_from[t]]
                    r = ((np.int64(t) << BITS) + row) * 4
                    a, b = a + tables[r], b + tables[r + 1]
                    c, d = c + tables[r + 2], d + tables[r + 3]
                scores[i, 0], scores[i, 1], scores[i, 2], scores[i, 3] = a, b, c, d
            _walk(scores, back, many, moves, labels, begin)
        begin = at + 1
    return labels


@inlined
def _rows(
    codes: np.ndarray, flags: np.ndarray, char: np.ndarray, kind: np.ndarray, begin: int,
    many: int, sizes: np.ndarray, on_class: np.ndarray, by: np.ndarray, plane: np.ndarray,
    rows: np.ndarray,
) -> None:  # fmt: skip
    """The table row of each gram from PAD before the sentence to PAD after it."""
    wide = min(many + 2 * PAD, len(codes) - begin + PAD)
    for i in range(wide):
        at = begin - PAD + i
        plane[0, i] = char[codes[at]]
        plane[1, i] = np.uint32(flags[at]) + KNOWN if flags[at] else kind[codes[at]]
    for g in range(len(sizes)):
        own = plane[1 if on_class[g] else 0]
        for i in range(wide - sizes[g] + 1):
            total = np.uint32(own[i] * by[0])
            for k in range(1, sizes[g]):
                total = np.uint32(total ^ np.uint32(total >> np.uint32(15)))
                total = np.uint32(total + np.uint32(own[i + k] * by[k]))
            rows[g, i] = np.int32(np.uint32(total * SPREAD) >> _SHIFT)


@inlined
def _walk(
    scores: np.ndarray, back: np.ndarray, many: int, moves: np.ndarray, labels: np.ndarray,
    begin: int,
) -> None:  # fmt: skip
    """Viterbi: the best path from outside to outside; writes `labels`."""
    value, after = np.empty(4, np.int32), np.empty(4, np.int32)
    for k in range(4):
        value[k] = moves[0, k] + scores[0, k]
    for i in range(1, many):
        for k in range(4):
            best, source = value[0] + moves[0, k], np.int8(0)
            for j in range(1, 4):
                total = value[j] + moves[j, k]
                if total > best:
                    best, source = total, np.int8(j)
            after[k], back[i, k] = best + scores[i, k], source
        for k in range(4):
            value[k] = after[k]
    best, label = value[0] + moves[0, 0], np.int8(0)
    for k in range(1, 4):
        if value[k] + moves[k, 0] > best:
            best, label = value[k] + moves[k, 0], np.int8(k)
    for i in range(many - 1, -1, -1):
        labels[begin + i] = label
        if i:
            label = back[i, label]
