"""Several linear models over one reading of a batch's features.

Their tables stand side by side, so that each feature is looked up once for all of them;
that look-up, not the sum, is what costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.features import KINDS, Features
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
        self._table, self._rows = _packed(table)
        widths = [model.table.shape[1] for model in models]
        self._ends = np.cumsum(widths)[:-1]

    def probabilities(self, features: Features) -> list[np.ndarray]:
        """For each model float32[texts, labels], each row 1 in sum."""
        parts = np.split(features.sums(self._table, self._kinds, self._rows), self._ends, axis=1)
        return [
            softmax(finish(part, model.bias) * model.sharpness)
            for model, part in zip(self._models, parts, strict=True)
        ]


def _packed(table: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """(the table without empty rows but the first, the row of each bucket), where it pays."""
    used: np.ndarray = np.asarray(table.any(axis=1))
    used[0] = True  # bucket 0 stands for no feature
    if used.mean() > _WORTH:
        return table, None
    rows = np.where(used, np.cumsum(used) - 1, 0).astype(np.int32)
    return table[used], rows
