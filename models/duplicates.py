"""Copies of what was seen before, within a window of time and a bound of memory.

Candidates share a key: the hash of the whole text, a band of the signature, or an
anchor. Signatures then decide. Everything is an array, and a batch is one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from models.clusters import Clusters
from models.fingerprints import Fingerprints
from models.keys import KEYS, id_keys, keys_of, within
from models.likeness import EXACT, score
from models.slots import SlotTable
from models.window import Window

_CHUNK = 4096  # items taken at once
_LOAD, _ID_LOAD = 0.85, 0.5


@dataclass(frozen=True, slots=True)
class Link:
    """`of` was seen first; `similarity` is the share of the shorter text's 3-grams that
    are in the longer one, 1 when the letters are the same."""

    of: str
    similarity: float
    reason: Literal["exact", "near"]


class DuplicateIndex:
    """`capacity` rows at most, none older than `window_seconds` before the newest."""

    def __init__(self, window_seconds: int, capacity: int) -> None:
        self._window = Window(window_seconds, capacity)
        self._clusters = Clusters()
        self._by_id = SlotTable(capacity, 1, _ID_LOAD)
        self._by_key = SlotTable(capacity, KEYS, _LOAD)
        self._chunk = min(_CHUNK, capacity)

    def __len__(self) -> int:
        return self._window.head - self._window.tail

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return self._window.nbytes + self._by_id.nbytes + self._by_key.nbytes

    def add(
        self, ids: Sequence[str], times: np.ndarray, fingerprints: Fingerprints
    ) -> list[Link | None]:
        """What each item is a copy of, in order; the items are in the index afterwards.

        ids: 32 hex digits each; times: int64[items], epoch seconds. An id that is met
        again gets the answer that it got before. ValueError when lengths differ.
        """
        numbers = np.frombuffer(bytes.fromhex("".join(ids)), dtype="<u8").reshape(-1, 2)
        if not len(numbers) == len(ids) == len(times) == len(fingerprints):
            raise ValueError(f"{len(ids)} ids, {len(times)} times, {len(fingerprints)} prints")
        links: list[Link | None] = []
        for start in range(0, len(ids), self._chunk):
            part = slice(start, start + self._chunk)
            places = self._enter(numbers[part], times[part], fingerprints[part])
            links.extend(self._links(places))
        return links

    def _enter(self, ids: np.ndarray, times: np.ndarray, prints: Fingerprints) -> np.ndarray:
        """The place of each item's row; rows are made for ids that have none."""
        self._clusters.leave(self._freed(len(ids), int(times.max(initial=0))))
        keys = id_keys(ids)
        places = self._known(ids, keys)
        new = np.flatnonzero(places < 0)
        _, first, group = np.unique(keys[new], return_index=True, return_inverse=True)
        order = np.sort(first)
        rows = np.empty(len(new), dtype=np.int64)
        fresh = new[order]
        rows[order] = self._window.append(ids[fresh], times[fresh], prints[fresh])
        places[new] = rows[first][group]
        self._by_id.put(keys[fresh], rows[order])
        self._cluster(rows[order], prints[fresh])
        return places

    def _freed(self, rows: int, newest: int) -> np.ndarray:
        """Let old rows go; the clusters they were in."""
        clusters = self._window.cluster[self._window.make_room(rows, newest)]
        return clusters[clusters >= 0]

    def _known(self, ids: np.ndarray, keys: np.ndarray) -> np.ndarray:
        """int64[items]: the place of the row with this id, -1 where there is none."""
        places = np.full(len(ids), -1, dtype=np.int64)
        which, found = self._by_id.find(keys)
        same = (self._window.ids[found] == ids[which]).all(axis=1) & self._window.live(found)
        places[which[same]] = found[same]
        return places

    def _cluster(self, rows: np.ndarray, prints: Fingerprints) -> None:
        """Put new rows beside what they are copies of."""
        window = self._window
        item, keys = keys_of(prints)
        which, found = self._by_key.find(keys)
        later, earlier = within(item, keys)
        self._by_key.put(keys, rows[item])
        items = np.concatenate((item[which], later))
        places = np.concatenate((found, rows[earlier]))
        # A slot may name a place that another row has taken since.
        usable = window.live(places) & (window.age(places) > window.age(rows[items]))
        pairs = np.unique(items[usable] * window.capacity + places[usable])
        items, places = np.divmod(pairs, window.capacity)
        scores = self._score(rows[items], places)
        self._join(rows, items[scores > 0], places[scores > 0], scores[scores > 0])

    def _first(self, places: np.ndarray) -> np.ndarray:
        """The places of the first of each one's cluster, as long as that is in the window."""
        numbers = self._window.cluster[places]
        first = self._clusters.first[numbers]
        stays = (numbers < 0) | (first < self._window.tail)
        return np.where(stays, places, first % self._window.capacity)

    def _join(
        self, rows: np.ndarray, items: np.ndarray, places: np.ndarray, scores: np.ndarray
    ) -> None:
        """Give each item the cluster of the copy that is most like it, then the oldest.

        It must be like the cluster's first too: a story that changes with each telling
        would end as a copy of something else.
        """
        window = self._window
        order = np.lexsort((-window.age(places), -scores.astype(np.int16), items))
        bounds = np.flatnonzero(np.diff(items[order], prepend=-1, append=-1))
        for begin, end in pairwise(bounds.tolist()):
            row = rows[items[order[begin]]]
            found = places[order[begin:end]]
            first = self._first(found)
            told = scores[order[begin:end]]
            moved = np.flatnonzero(first != found)
            told[moved] = self._score(np.full(len(moved), row), first[moved])
            good = np.flatnonzero(told)
            if len(good):
                self._link(row, first[good[0]], told[good[0]])

    def _link(self, row: int, first: int, score: int) -> None:
        window = self._window
        number = int(window.cluster[first])
        if number < 0:
            seq = window.head - 1 - (window.head - 1 - first) % window.capacity
            number = self._clusters.open(window.ids[first], seq)
            window.cluster[first] = number
        self._clusters.join(number)
        window.cluster[row], window.score[row] = number, score

    def _score(self, rows: np.ndarray, places: np.ndarray) -> np.ndarray:
        window = self._window
        exact, size, signature = window.exact, window.size, window.signature
        return score(
            (exact[rows], exact[places]),
            (size[rows], size[places]),
            (signature[rows], signature[places]),
        )

    def _links(self, places: np.ndarray) -> list[Link | None]:
        links: list[Link | None] = [None] * len(places)
        scores, numbers = self._window.score[places], self._window.cluster[places]
        for at in np.flatnonzero(scores).tolist():
            value = int(scores[at])
            reason: Literal["exact", "near"] = "exact" if value == EXACT else "near"
            similarity = 1.0 if value == EXACT else round(value / (EXACT - 1), 3)
            links[at] = Link(self._clusters.name(int(numbers[at])), similarity, reason)
        return links
