"""jieba's dictionary with the operator's words, as a double-array trie over character codes.

A node is a row of the trie; from node s the character with number c leads to the row
`trie[s, BASE] + c`, when CHECK there is s. About 350,000 words take 20 MB and half a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jieba.finalseg import prob_emit

from models.compiled import compiled, inlined
from models.word_list import shipped, with_own

BASE, CHECK, WEIGHT = range(3)
SCALE = 65_536  # weights are whole numbers: sums of them are the same in any order
_CROWDED = 32  # places that did not do, after which others are not looked for before them
_NEVER = -3.14e30  # what jieba gives for what was never seen
STATES = "BMES"  # of a character: begins a word, is in the midst, ends it, is one alone


@dataclass(frozen=True)
class Dictionary:
    """number: uint16[65536], of each character (0: in no word); trie: int32[nodes, 4], BASE,
    CHECK and WEIGHT, which is SCALE times the logarithm of the word's share, or 0 where no
    word ends; alone: the weight of a character that is no word; emission: float32[65536, 4],
    of STATES."""

    number: np.ndarray
    trie: np.ndarray
    alone: int
    emission: np.ndarray


def dictionary(own: Iterable[tuple[str, int, str]] = ()) -> Dictionary:
    """jieba's words and `own` (word, frequency, tag), which go before jieba's."""
    codes, lengths, frequency = with_own(shipped(), own)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    known = np.ones(len(lengths), dtype=bool)
    known[owner[codes > 0xFFFF]] = False  # rare ideographs: cut one by one
    codes, owner = codes[known[owner]], owner[known[owner]]
    # The commonest characters have the least numbers: the arrays are dense at their beginning.
    used, counts = np.unique(codes, return_counts=True)
    number = np.zeros(0x10000, dtype=np.uint16)
    order = used[np.argsort(-counts, kind="stable")]
    number[order] = np.arange(1, len(order) + 1)
    # Words sorted by their numbers stand beside those they share a beginning with.
    grid = np.zeros((len(lengths), int(lengths.max())), dtype=np.uint16)
    starts = np.searchsorted(owner, owner)
    grid[owner, np.arange(len(owner)) - starts] = number.take(codes)
    sort = np.lexsort(grid.T[::-1])
    sort = sort[known[sort]]
    last = np.append((grid[sort[1:]] != grid[sort[:-1]]).any(axis=1), True)  # of equal words
    sort = sort[last]
    share = np.maximum(frequency[sort], 1)
    total = np.log(frequency[sort].sum())
    weights = np.rint((np.log(share) - total) * SCALE).astype(np.int32)
    trie = _trie(grid[sort], lengths[sort], weights)
    return Dictionary(number, trie, -round(float(total) * SCALE), _emissions())


def _emissions() -> np.ndarray:
    table = np.full((0x10000, len(STATES)), _NEVER, dtype=np.float32)
    for at, state in enumerate(STATES):
        for character, chance in prob_emit.P[state].items():
            table[ord(character), at] = chance
    return table


@compiled
def _trie(words: np.ndarray, lengths: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The trie of sorted words given by the numbers of their characters."""
    most = int(words.max()) + 1
    trie = np.zeros((8 * most + lengths.sum(), 4), np.int32)
    trie[:, CHECK] = -1
    trie[0, CHECK] = 0
    room = lengths.sum() + 1
    first, last = np.zeros(room, np.int32), np.zeros(room, np.int32)  # a queue: words of a node
    nodes, depths = np.zeros(room, np.int32), np.zeros(room, np.int32)
    last[0] = len(words)
    # Where the search for room begins: at the first free place for one child, which fits
    # anywhere; further on, where there is room, for many.
    head, tail, free, wide, end = 0, 1, 1, 1, 1
    child = np.zeros(most + 1, np.int32)
    begin = np.zeros(most + 2, np.int32)
    while head < tail:
        if end + 4 * most > len(trie):  # whatever is placed next, there is room for it
            wider = np.zeros((2 * len(trie), 4), np.int32)
            wider[:, CHECK] = -1
            wider[: len(trie)] = trie
            trie = wider
        node, depth, low, high = nodes[head], depths[head], first[head], last[head]
        head += 1
        if lengths[low] == depth:
            trie[node, WEIGHT] = weights[low]
            low += 1
        if low == high:
            continue
        children = 0
        for row in range(low, high):
            number = words[row, depth]
            if children == 0 or child[children - 1] != number:
                child[children], begin[children] = number, row
                children += 1
        begin[children] = high
        place, tried = _fitting(trie, child[:children], free if children == 1 else wide)
        start = place - child[0]
        if children == 1:
            free = max(free, start)
        elif tried > _CROWDED:
            wide = place
        trie[node, BASE] = start
        for at in range(children):
            slot = start + child[at]
            end = max(end, slot + 1)
            trie[slot, CHECK] = node
            nodes[tail], depths[tail] = slot, depth + 1
            first[tail], last[tail] = begin[at], begin[at + 1]
            tail += 1
    return trie[: end + most].copy()  # from any node every number may be asked for


@inlined
def _fitting(trie: np.ndarray, child: np.ndarray, place: int) -> tuple[int, int]:
    """(where the first child can be so that all have room, how many places did not do)."""
    place, tried = max(place, child[0] + 1), 0
    while True:
        while trie[place, CHECK] >= 0:
            place += 1
        fits = True
        for at in range(1, len(child)):
            if trie[place - child[0] + child[at], CHECK] >= 0:
                fits = False
                break
        if fits:
            return place, tried
        place += 1
        tried += 1
