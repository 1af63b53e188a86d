"""Which live event a new item is most alike: compiled, bounded, flat in what came before.

A term is two neighbouring characters of the title, a Latin word, or a keyword. How rare a
term is, is learnt from the stream: a count that fades over weeks less one that fades over
days, so that what is always said weighs little and what has just come up weighs much. Terms
are kept in sets of WAYS; the one not seen for longest makes room. Each remembers its last
RING events, each event its heaviest WIDTH terms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.compiled import compiled

SETS, WAYS, RING, WIDTH = 1 << 15, 8, 32, 40
SLOW, FAST = 30 * 24.0, 2 * 24.0  # hours in which a count falls to 1/e
KNOWN = 5 * 24.0  # hours until a stream is known well enough to tell a burst (1 − 1/e of it)
BURST = 0.5  # what a term gains for each factor e above its usual rate
FEW = 20.0  # items that a young stream is taken to have had
FULL = 48  # items; an event's older ones fade beyond that
SHARED = 2  # terms in common, at least


class Match(NamedTuple):
    """State, as arrays.

    totals: float64[4], items ever (slow, fast), the latest and the first hour. Of each term
    [SETS * WAYS]: keys, seen (its last hour), slow, fast, turn (the next place of its ring);
    ring: [.., RING], event * 64 + place of the events that have it, -1: free. Of each event:
    terms and sums [events, WIDTH], items, first and last hour. score, part, shared, touched: room
    to work in.
    """

    totals: np.ndarray
    keys: np.ndarray
    seen: np.ndarray
    slow: np.ndarray
    fast: np.ndarray
    ring: np.ndarray
    turn: np.ndarray
    terms: np.ndarray
    sums: np.ndarray
    items: np.ndarray
    last: np.ndarray
    first: np.ndarray
    score: np.ndarray
    part: np.ndarray
    shared: np.ndarray
    touched: np.ndarray


def state(events: int) -> Match:
    slots = SETS * WAYS
    return Match(
        np.zeros(4), np.zeros(slots, np.uint64), np.full(slots, -1e9), np.zeros(slots, np.float32),
        np.zeros(slots, np.float32), np.full((slots, RING), -1, np.int32), np.zeros(slots, np.int8),
        np.zeros((events, WIDTH), np.uint64), np.zeros((events, WIDTH), np.float32),
        np.zeros(events), np.zeros(events), np.zeros(events), np.zeros(events), np.zeros(events),
        np.zeros(events, np.int32), np.zeros(events, np.int32),
    )  # fmt: skip


@compiled
def slot_of(m: Match, key: int) -> int:
    first = np.int64((key >> np.uint64(40)) & np.uint64(SETS - 1)) * WAYS
    for at in range(first, first + WAYS):
        if m.keys[at] == key:
            return at
    return -1


@compiled
def enter(m: Match, key: int) -> int:
    first = np.int64((key >> np.uint64(40)) & np.uint64(SETS - 1)) * WAYS
    oldest = first
    for at in range(first, first + WAYS):
        if m.keys[at] == key:
            return at
        if m.seen[at] < m.seen[oldest]:
            oldest = at
    m.keys[oldest], m.slow[oldest], m.fast[oldest], m.turn[oldest] = key, 0, 0, 0
    m.ring[oldest, :] = -1
    return oldest


@compiled
def rarity(m: Match, slot: int, hour: float) -> float:
    """Of a term, by the items before the last days; more while it is said more than before."""
    base = max(m.totals[0] - m.totals[1], 0.0) + FEW
    if slot < 0:
        return np.log(base + 1)
    gap = max(hour - m.seen[slot], 0.0)
    fast = m.fast[slot] * np.exp(-gap / FAST)
    before = max(m.slow[slot] * np.exp(-gap / SLOW) - fast, 0.0)
    rare = max(np.log((base + 1) / (before + 1)), 0.0)
    burst = np.log((1 + fast) / (1 + before * m.totals[1] / base))
    known = 1 - np.exp((m.totals[3] - m.totals[2]) / KNOWN)
    return rare * (1 + BURST * known * max(burst, 0.0))


@compiled
def count(m: Match, keys: np.ndarray, hour: float) -> None:
    """One more item of the stream has these terms."""
    if m.totals[0] == 0:
        m.totals[2] = m.totals[3] = hour
    gap = max(hour - m.totals[2], 0.0)
    m.totals[0] = m.totals[0] * np.exp(-gap / SLOW) + 1
    m.totals[1] = m.totals[1] * np.exp(-gap / FAST) + 1
    m.totals[2] = max(hour, m.totals[2])
    for key in keys:
        at = enter(m, key)
        gap = max(hour - m.seen[at], 0.0)
        m.slow[at] = m.slow[at] * np.exp(-gap / SLOW) + 1
        m.fast[at] = m.fast[at] * np.exp(-gap / FAST) + 1
        m.seen[at] = max(hour, m.seen[at])


@compiled
def best(
    m: Match,
    keys: np.ndarray,
    weights: np.ndarray,
    hour: float,
    gap: float,
    mine: int,
    least: float,
) -> tuple[int, float]:
    """(the event most alike but `mine`, or -1; its likeness: a cosine), of those that have an
    item no more than `gap` hours away and are more alike than `least`."""
    touched = 0
    square = 0.0
    for n in range(len(keys)):
        at = slot_of(m, keys[n])
        rare = rarity(m, at, hour)
        w = weights[n] * rare
        square += w * w
        if at < 0:
            continue
        for place in range(RING):
            entry = m.ring[at, place]
            if entry < 0:
                break
            event, where = entry >> 6, entry & 63
            if m.terms[event, where] != keys[n] or event == mine:
                continue
            if m.shared[event] == 0:
                m.touched[touched] = event
                touched += 1
            own = m.sums[event, where] * rare
            m.score[event] += w * own
            m.part[event] += own * own
            m.shared[event] += 1
    found, most = -1, least
    for n in range(touched):
        event = m.touched[n]
        dot, part, shared = m.score[event], m.part[event], m.shared[event]
        m.score[event], m.part[event], m.shared[event] = 0.0, 0.0, 0
        # With the shared terms alone it cannot be more alike than this.
        if shared < SHARED or dot <= most * np.sqrt(square * part):
            continue
        if hour < m.first[event] - gap or hour > m.last[event] + gap:
            continue
        length = 0.0
        for where in range(WIDTH):
            if m.terms[event, where] != 0:
                v = m.sums[event, where] * rarity(m, slot_of(m, m.terms[event, where]), hour)
                length += v * v
        like = dot / np.sqrt(square * length + 1e-9)
        if like > most:
            found, most = event, like
    return found, most


@compiled
def join(m: Match, event: int, keys: np.ndarray, weights: np.ndarray, hour: float) -> None:
    """Blend an item into an event."""
    m.items[event] += 1
    if m.items[event] == 1:
        m.first[event] = m.last[event] = hour
    m.first[event] = min(m.first[event], hour)
    m.last[event] = max(m.last[event], hour)
    if m.items[event] > FULL:
        m.sums[event, :] *= np.float32(1 - 1 / FULL)
    for n in range(len(keys)):
        key, where = keys[n], -1
        for at in range(WIDTH):
            if m.terms[event, at] == key:
                where = at
                break
        if where < 0:
            lightest = np.float32(1e9)
            for at in range(WIDTH):
                if m.terms[event, at] == 0:
                    where = at
                    break
                if m.sums[event, at] < lightest:
                    where, lightest = at, m.sums[event, at]
            slot = enter(m, key)
            entry = np.int32(event * 64 + where)
            listed = False
            for at in range(RING):
                listed = listed or m.ring[slot, at] == entry
            m.terms[event, where], m.sums[event, where] = key, 0
            if not listed:
                m.ring[slot, m.turn[slot]] = entry
                m.turn[slot] = (m.turn[slot] + 1) % RING
        m.sums[event, where] += weights[n]


@compiled
def clear(m: Match, event: int) -> None:
    """Let go of an event; what terms remember of it is seen to be stale."""
    m.terms[event, :] = 0
    m.sums[event, :] = 0
    m.items[event] = 0
