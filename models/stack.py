"""Several linear models over one reading of a batch's features.

Their tables stand side by side, so that each feature is looked up once for all of them;
that look-up, not the sum, is what costs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.features import KINDS, Features
from models.linear import LinearModel, finish, softmax


class Stack:
    def __init__(self, models: Sequence[LinearModel]) -> None:
        self._models = models
        wanted = {kind for model in models for kind in model.kinds}
        self._kinds = tuple(kind for kind in KINDS if kind in wanted)
        # A model's rows are zero for kinds of features that it does not know.
        self._table = np.concatenate([model.table for model in models], axis=1)
        widths = [model.table.shape[1] for model in models]
        self._ends = np.cumsum(widths)[:-1]

    def probabilities(self, features: Features) -> list[np.ndarray]:
        """For each model float32[texts, labels], each row 1 in sum."""
        parts = np.split(features.sums(self._table, self._kinds), self._ends, axis=1)
        return [
            softmax(finish(part, model.bias) * model.sharpness)
            for model, part in zip(self._models, parts, strict=True)
        ]
