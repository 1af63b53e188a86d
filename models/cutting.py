"""jieba's way of cutting, over a whole batch at once: the likeliest words of the dictionary,
and for single characters in a row a hidden Markov model of word edges.

The words are those that jieba gives (https://github.com/fxsjy/jieba, `cut`); here they come as
places in the batch, without a string each.
"""

from __future__ import annotations

import numpy as np
from jieba.finalseg import prob_start, prob_trans

from models.compiled import compiled, inlined
from models.dictionary import BASE, CHECK, STATES, WEIGHT, Dictionary
from models.textpass import DIGIT, LETTER, MARK, TextPass

_START = np.array([prob_start.P[state] for state in STATES])
# From a state in the row to one in the column; what jieba never takes is never taken.
_MOVES = np.array([[prob_trans.P[a].get(b, -1e300) for b in STATES] for a in STATES])
_KEPT, _IN_BLOCK, _HAN, _ALNUM, _JOINS = 1, 2, 4, 8, 16  # what a character can be
_B, _M, _E, _S = range(4)


def _kinds_of_characters() -> np.ndarray:
    table = np.zeros(0x10000, dtype=np.uint8)
    table[0x4E00:0x9FD6] |= _IN_BLOCK | _HAN
    table[[ord(c) for c in "+#&._%-"]] |= _IN_BLOCK
    for first, last in ("az", "AZ", "09"):
        table[ord(first) : ord(last) + 1] |= _IN_BLOCK | _ALNUM
    table[[ord(c) for c in "._-"]] |= _JOINS
    return table


_TABLE = _kinds_of_characters()


def cut(batch: TextPass, words: Dictionary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(begin, end of each word in the batch's characters: int32; int64[texts + 1], where each
    text's words begin). Marks and spaces are in no word, but for marks between digits."""
    return _cut(
        batch.codes, batch.kinds, batch.starts, _TABLE, words.number, words.trie, words.alone,
        words.emission, _START, _MOVES,
    )  # fmt: skip


@compiled
def _cut(
    codes: np.ndarray, kinds: np.ndarray, starts: np.ndarray, table: np.ndarray,
    number: np.ndarray, trie: np.ndarray, alone: int, emission: np.ndarray, start: np.ndarray,
    moves: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    begin, end = np.empty(len(codes), np.int32), np.empty(len(codes), np.int32)
    texts = np.zeros(len(starts), np.int64)
    # What is written per character is one text long: it stays in the processor's cache.
    longest = 0
    for text in range(len(starts) - 1):
        longest = max(longest, starts[text + 1] - starts[text])
    what, numbers = np.empty(longest + 1, np.uint8), np.empty(longest + 1, np.uint16)
    best, stop = np.empty(longest + 1, np.int64), np.empty(longest + 1, np.int32)
    back = np.empty((longest + 1, 4), np.int8)
    count = 0
    for text in range(len(starts) - 1):
        own = codes[starts[text] : starts[text + 1]]
        _look(own, kinds[starts[text] : starts[text + 1]], table, number, what, numbers)
        at, last, first = 0, len(own), count
        while at < last:
            if not what[at] & _IN_BLOCK:
                if what[at]:
                    begin[count], end[count] = at, at + 1
                    count += 1
                at += 1
                continue
            until = at + 1
            while until < last and what[until] & _IN_BLOCK:
                until += 1
            _likeliest(numbers, at, until, trie, alone, best, stop)
            count = _spell(
                own, what, numbers, at, until, trie, stop, emission, start, moves, back,
                begin, end, count,
            )  # fmt: skip
            at = until
        for word in range(first, count):
            begin[word] += starts[text]
            end[word] += starts[text]
        texts[text + 1] = count
    return begin[:count].copy(), end[:count].copy(), texts


@inlined
def _look(
    codes: np.ndarray, kinds: np.ndarray, table: np.ndarray, number: np.ndarray,
    what: np.ndarray, numbers: np.ndarray,
) -> None:  # fmt: skip
    """What each character of a text can be, and its number in the dictionary."""
    size = len(codes)
    for i in range(size):
        what[i], numbers[i] = 0, 0
        kept = kinds[i] >= LETTER
        if not kept and kinds[i] == MARK and 0 < i < size - 1:
            kept = kinds[i - 1] == DIGIT and kinds[i + 1] == DIGIT  # 2.5 is one word
        if kept:
            code = codes[i]
            what[i] = _KEPT
            if code < 0x10000:
                what[i] |= table[code]
                numbers[i] = number[code]
    what[size], numbers[size] = 0, 0


@inlined
def _likeliest(
    numbers: np.ndarray, first: int, last: int, trie: np.ndarray, alone: int, best: np.ndarray,
    stop: np.ndarray,
) -> None:  # fmt: skip
    """Where the word from each character ends, on the likeliest way to the end of the block."""
    best[last] = 0
    for i in range(last - 1, first - 1, -1):
        found, ends, node, j = alone + best[i + 1], i + 1, 0, i
        while j < last and numbers[j]:
            child = trie[node, BASE] + numbers[j]
            if trie[child, CHECK] != node:
                break
            node = child
            j += 1
            weight = trie[node, WEIGHT]
            if weight:
                total = weight + best[j]
                if total >= found or j == i + 1:
                    found, ends = total, j
        best[i], stop[i] = found, ends


@inlined
def _spell(
    codes: np.ndarray, what: np.ndarray, numbers: np.ndarray, first: int, last: int,
    trie: np.ndarray, stop: np.ndarray, emission: np.ndarray, start: np.ndarray,
    moves: np.ndarray, back: np.ndarray, begin: np.ndarray, end: np.ndarray, count: int,
) -> int:  # fmt: skip
    """The words of the block, those of single characters in a row cut once more."""
    at = first
    while at < last:
        until = at
        while until < last and stop[until] == until + 1:
            until += 1
        if until - at == 1 or (until > at and _is_word(numbers, at, until, trie)):
            for i in range(at, until):
                begin[count], end[count] = i, i + 1
                count += 1
        elif until > at:
            count = _unknown(
                codes, what, at, until, emission, start, moves, back, begin, end, count
            )
        if until < last:
            begin[count], end[count] = until, stop[until]
            count += 1
            until = stop[until]
        at = until
    return count


@inlined
def _is_word(
    numbers: np.ndarray, first: int, last: int, trie: np.ndarray
) -> bool:  # fmt: skip
    node = 0
    for i in range(first, last):
        child = trie[node, BASE] + numbers[i]
        if numbers[i] == 0 or trie[child, CHECK] != node:
            return False
        node = child
    return trie[node, WEIGHT] != 0


@inlined
def _unknown(
    codes: np.ndarray, what: np.ndarray, first: int, last: int, emission: np.ndarray,
    start: np.ndarray, moves: np.ndarray, back: np.ndarray, begin: np.ndarray, end: np.ndarray,
    count: int,
) -> int:  # fmt: skip
    """Words of single characters in a row: Chinese ones by the edge model, Latin ones whole."""
    at = first
    while at < last:
        until = at + 1
        if what[at] & _HAN:
            while until < last and what[until] & _HAN:
                until += 1
            count = _edges(codes, at, until, emission, start, moves, back, begin, end, count)
        elif what[at] & _ALNUM:
            while until < last and what[until] & _ALNUM:
                until += 1
            while until + 1 < last and (what[until] & _JOINS) and (what[until + 1] & _ALNUM):
                until += 2  # 2012-06-01, 8.8mm
                while until < last and what[until] & _ALNUM:
                    until += 1
            if until < last and codes[until] == 0x25:
                until += 1
            begin[count], end[count] = at, until
            count += 1
        else:
            while until < last and not what[until] & (_HAN | _ALNUM):
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
