"""The keys by which copies meet: two texts that share one are compared."""

from __future__ import annotations

import numpy as np

from models.fingerprints import ANCHORS, MIN_NEAR, Fingerprints

# 10 bands of 4 bins: a pair of Jaccard 0.8 shares one with probability 0.995, one of
# Jaccard 0.3 with 0.08.
BANDS = 10
KEYS = 1 + BANDS + ANCHORS  # per text at most
_NO_ANCHOR = 0xFFFFFFFF


def keys_of(prints: Fingerprints) -> tuple[np.ndarray, np.ndarray]:
    """(which text, uint64 key) of all keys of a batch, in order of text and kind."""
    keys = np.empty((len(prints), KEYS), dtype=np.uint64)
    keys[:, 0] = prints.exact
    keys[:, 1 : 1 + BANDS] = np.ascontiguousarray(prints.signature).view("<u4")[:, :BANDS]
    keys[:, 1 + BANDS :] = prints.anchors
    kinds = np.arange(KEYS, dtype=np.uint64)
    kinds[1 + BANDS :] = 1 + BANDS  # an anchor may come in any order
    keys = _mix(keys + (kinds << np.uint64(40)))
    used = np.repeat((prints.size >= MIN_NEAR)[:, None], KEYS, axis=1)
    used[:, 0] = prints.size > 0
    used[:, 1 + BANDS :] &= prints.anchors != _NO_ANCHOR
    return np.nonzero(used)[0], keys[used]


def id_keys(ids: np.ndarray) -> np.ndarray:
    """uint64[items] of ids (uint64[items, 2])."""
    return _mix(ids[:, 0] ^ _mix(ids[:, 1]))


def within(item: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (later, earlier) of texts of one batch that share a key: each with the one
    before it that has the key, and with the first that has it."""
    order = np.argsort(keys, kind="stable")
    texts, sorted_keys = item[order], keys[order]
    fresh = np.diff(sorted_keys, prepend=~sorted_keys[:1]) != 0
    first = np.flatnonzero(fresh)[np.cumsum(fresh) - 1]
    again = np.flatnonzero(~fresh)
    later = np.concatenate((texts[again], texts[again]))
    return later, np.concatenate((texts[again - 1], texts[first[again]]))


def _mix(values: np.ndarray) -> np.ndarray:
    """uint64: every bit of the result hangs on every bit of the value."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))
