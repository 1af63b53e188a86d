"""jieba's way of cutting, over a whole batch at once: the likeliest words of the dictionary,
and for single characters in a row a hidden Markov model of word edges.

The words are those that jieba gives (https://github.com/fxsjy/jieba, `cut`); here they come as
places in the batch, without a string each.
"""

from __future__ import annotations

import numpy as np

from models.compiled import compiled, inlined
from models.dictionary import BASE, CHECK, WEIGHT, Dictionary
from models.textpass import DIGIT, LETTER, MARK, TextPass
from models.word_edges import ALNUM, HAN, JOINS, MOVES, START, spell_unknown

_KEPT, _IN_BLOCK = 1, 2  # what a character can be, beside what models.word_edges tells apart


def _kinds_of_characters() -> np.ndarray:
    table = np.zeros(0x10000, dtype=np.uint8)
    table[0x4E00:0x9FD6] |= _IN_BLOCK | HAN
    table[[ord(c) for c in "+#&._%-"]] |= _IN_BLOCK
    for first, last in ("az", "AZ", "09"):
        table[ord(first) : ord(last) + 1] |= _IN_BLOCK | ALNUM
    table[[ord(c) for c in "._-"]] |= JOINS
    return table


_TABLE = _kinds_of_characters()


def cut(batch: TextPass, words: Dictionary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(begin, end of each word in the batch's characters: int32; int64[texts + 1], where each
    text's words begin). Marks and spaces are in no word, but for marks between digits."""
    return _cut(
        batch.codes, batch.kinds, batch.starts, _TABLE, words.number, words.trie, words.alone,
        words.emission, START, MOVES,
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
            count = spell_unknown(
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
