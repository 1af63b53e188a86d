"""The terms by which items are grouped: of a title, and what is named."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from models.compiled import compiled, inlined
from schemas.opinion import OpinionBrief

TITLE = 60  # characters read of a title, or of the text where there is none
PLACE = 0.5  # what a place or body counts beside its letters
_STEP = np.uint64(0x9E3779B97F4A7C15)


def terms_of(briefs: Sequence[OpinionBrief]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each brief its terms: keys (uint64, never 0) and weights."""
    titles = [(brief.title or brief.content)[:TITLE] for brief in briefs]
    codes = np.frombuffer("".join(titles).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    starts = np.zeros(len(titles) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, titles), np.int64, len(titles)), out=starts[1:])
    keys, stops = bigrams(codes, starts)
    out = []
    for at, brief in enumerate(briefs):
        named = _named(brief)
        own = keys[stops[at] : stops[at + 1]]
        weights = np.ones(len(own) + len(named))
        if named:
            weights[len(own) :] = PLACE
            own = np.concatenate((own, np.fromiter(named, np.uint64, len(named))))
        out.append((own, weights))
    return out


def _named(brief: OpinionBrief) -> list[int]:
    """Keys of the bodies and places spoken of, beside their letters, so that they weigh more."""
    return [_key(name) for name in dict.fromkeys((*brief.subjects[:4], *brief.places[:4]))]


@lru_cache(maxsize=65_536)
def _key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") | 1


@inlined
def _add(out: np.ndarray, begins: int, total: int, key: int) -> int:
    """Write a key that is not among out[begins:total] yet; how many there are then."""
    for n in range(begins, total):
        if out[n] == key:
            return total
    out[total] = key
    return total + 1


@compiled
def bigrams(codes: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(keys, starts of each text): neighbouring Chinese characters, and Latin words."""
    out = np.empty(len(codes) + 1, np.uint64)
    ends = np.zeros(len(starts), np.int64)
    total = 0
    for text in range(len(starts) - 1):
        begins = total
        before = np.uint32(0)
        word = np.uint64(0)
        size = 0
        for at in range(starts[text], starts[text + 1] + 1):
            code = codes[at] if at < starts[text + 1] else np.uint32(0)
            if 0x41 <= code <= 0x5A:
                code += np.uint32(32)
            latin = 0x61 <= code <= 0x7A or 0x30 <= code <= 0x39
            key = np.uint64(0)
            if latin:
                word = np.uint64((word ^ np.uint64(code)) * _STEP)
                word ^= word >> np.uint64(29)
                size += 1
            elif size:
                if size > 1:
                    key = word | np.uint64(1)
                word, size = np.uint64(0), 0
            if key != 0:
                total = _add(out, begins, total, key)
            chinese = 0x4E00 <= code <= 0x9FFF
            if chinese and before:
                key = np.uint64(before) * np.uint64(1 << 32) | np.uint64(code)
                key = np.uint64(key * _STEP)
                key ^= key >> np.uint64(29)
                total = _add(out, begins, total, np.uint64(key | np.uint64(1)))
            before = code if chinese else np.uint32(0)
        ends[text + 1] = total
    return out[:total].copy(), ends
