"""Words that no dictionary knows: Chinese ones by jieba's model of word edges, Latin ones whole."""

from __future__ import annotations

import numpy as np
from jieba.finalseg import prob_start, prob_trans

from models.compiled import inlined
from models.dictionary import STATES

START = np.array([prob_start.P[state] for state in STATES])
# From a state in the row to one in the column; what jieba never takes is never taken.
MOVES = np.array([[prob_trans.P[a].get(b, -1e300) for b in STATES] for a in STATES])
HAN, ALNUM, JOINS = 4, 8, 16  # bits of what a character can be


@inlined
def spell_unknown(
    codes: np.ndarray, what: np.ndarray, first: int, last: int, emission: np.ndarray,
    start: np.ndarray, moves: np.ndarray, back: np.ndarray, begin: np.ndarray, end: np.ndarray,
    count: int,
) -> int:  # fmt: skip
    """Words of single characters in a row: Chinese ones by the edge model, Latin ones whole."""
    at = first
    while at < last:
        until = at + 1
        if what[at] & HAN:
            while until < last and what[until] & HAN:
                until += 1
            count = _edges(codes, at, until, emission, start, moves, back, begin, end, count)
        elif what[at] & ALNUM:
            while until < last and what[until] & ALNUM:
                until += 1
            while until + 1 < last and (what[until] & JOINS) and (what[until + 1] & ALNUM):
                until += 2  # 2012-06-01, 8.8mm
                while until < last and what[until] & ALNUM:
                    until += 1
            if until < last and codes[until] == 0x25:
                until += 1
            begin[count], end[count] = at, until
            count += 1
        else:
            while until < last and not what[until] & (HAN | ALNUM):
                until += 1
            begin[count], end[count] = at, until
            count += 1
        at = until
    return count


@inlined
def _edges(
    codes: np.ndarray, first: int, last: int, emission: np.ndarray, start: np.ndarray,
    moves: np.ndarray, back: np.ndarray, begin: np.ndarray, end: np.ndarray, count: int,
) -> int:  # fmt: skip
    """Viterbi over begin, midst, end, single; writes the words, returns their number."""
    code = codes[first]
    b, m = start[0] + emission[code, 0], start[1] + emission[code, 1]
    e, s = start[2] + emission[code, 2], start[3] + emission[code, 3]
    for i in range(first + 1, last):
        code = codes[i]
        from_e, from_s = e + moves[2, 0], s + moves[3, 0]
        back[i, 0] = 2 if from_e > from_s else 3
        new_b = max(from_e, from_s) + emission[code, 0]
        from_b, from_m = b + moves[0, 1], m + moves[1, 1]
        back[i, 1] = 0 if from_b > from_m else 1
        new_m = max(from_b, from_m) + emission[code, 1]
        from_b, from_m = b + moves[0, 2], m + moves[1, 2]
        back[i, 2] = 0 if from_b > from_m else 1
        new_e = max(from_b, from_m) + emission[code, 2]
        from_e, from_s = e + moves[2, 3], s + moves[3, 3]
        back[i, 3] = 2 if from_e > from_s else 3
        new_s = max(from_e, from_s) + emission[code, 3]
        b, m, e, s = new_b, new_m, new_e, new_s
    state = 2 if e > s else 3
    words = 0
    for i in range(last - 1, first - 1, -1):  # written from behind, then turned about
        if state >= 2:
            end[count + words] = i + 1
        if state == 0 or state == 3:
            begin[count + words] = i
            words += 1
        if i > first:
            state = back[i, state]
    for k in range(words // 2):
        a, z = count + k, count + words - 1 - k
        begin[a], begin[z] = begin[z], begin[a]
        end[a], end[z] = end[z], end[a]
    return count + words
