"""Several linear models over one reading of a batch's features.

Their tables stand side by side, so that each feature is looked up once for all of them;
that look-up, not the sum, is what costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.features import EVERY, KINDS, Features
from models.gramsums import WIDTH
from models.linear import LinearModel, finish, softmax

_WORTH = 0.5  # share of used rows above which the look-up costs more than it saves


class Stack:
    def __init__(self, models: Sequence[LinearModel]) -> None:
        # What follows keeps the numbers; the tables of the models themselves may go.
        self._models = [replace(model, table=model.table[:0].copy()) for model in models]
        wanted = {kind for model in models for kind in model.kinds}
        self._kinds = tuple(kind for kind in KINDS if kind in wanted)
        # A model's rows are zero for kinds of features that it does not know.
        table = np.concatenate([model.table for model in models], axis=1)
        # Weights are shipped in 8 bits with a step per column: nothing is lost by adding them
        # up so, and there is a quarter of the memory to look through.
        self._steps = np.maximum(np.abs(table).max(axis=0), 1e-9).astype(np.float32) / 127
        whole = np.rint(table / self._steps).astype(np.int8)
        self._used = _bits(whole.any(axis=1))
        self._tables, self._rows = _packed(whole)
        widths = [model.table.shape[1] for model in models]
        self._ends = np.cumsum(widths)[:-1]

    def scores(self, features: Features) -> list[np.ndarray]:
        """For each model float32[texts, labels]."""
        each = [features.packed_sums(t, self._kinds, self._used, self._rows) for t in self._tables]
        sums = np.concatenate(each, axis=1)[:, : len(self._steps)] * self._steps
        parts = np.split(sums, self._ends, axis=1)
        return [finish(part, model.bias) for model, part in zip(self._models, parts, strict=True)]

    def probabilities(self, features: Features) -> list[np.ndarray]:
        """For each model float32[texts, labels], each row 1 in sum."""
        return [
            softmax(scores * model.sharpness)
            for model, scores in zip(self._models, self.scores(features), strict=True)
        ]


def _packed(table: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """(the table in pieces of WIDTH columns, flat and without empty rows but the first where
    that pays; the row of each bucket)."""
    used: np.ndarray = np.asarray(table.any(axis=1))
    used[0] = True  # bucket 0 stands for no feature
    rows = EVERY
    if used.mean() <= _WORTH:
        rows = np.where(used, np.cumsum(used) - 1, 0).astype(np.int32)
        table = table[used]
    pieces = []
    for first in range(0, table.shape[1], WIDTH):
        piece = np.zeros((len(table), WIDTH), dtype=np.int8)
        own = table[:, first : first + WIDTH]
        piece[:, : own.shape[1]] = own
        pieces.append(piece.ravel())
    return pieces, rows


def _bits(used: np.ndarray) -> np.ndarray:
    """uint64, a bit for each of `used` (bool), the lowest first."""
    padded = np.zeros(-(-len(used) // 64) * 64, dtype=np.bool_)
    padded[: len(used)] = used
    return np.packbits(padded, bitorder="little").view(np.uint64)
