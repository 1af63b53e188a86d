"""The chance of a rumour for posts whose first hour is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.features import Features
from models.linear import LinearModel
from models.rumour import LABEL
from models.spread import FirstHour, SpreadModel
from models.stack import Stack
from models.textpass import text_pass
from models.words import Cutter


class MetRumourModel:
    def __init__(
        self, words: LinearModel, replies: LinearModel, curve: SpreadModel, cutter: Cutter
    ) -> None:
        """ValueError for a model that does not know the label `rumour`."""
        self._columns = tuple(model.labels.index(LABEL) for model in (words, replies))
        # Packed: their tables as they were read take eight times the memory.
        self._stacks = (Stack((words,)), Stack((replies,)))
        self._curve, self._cutter = curve, cutter

    def predict(self, posts: Sequence[FirstHour]) -> np.ndarray:
        """float64[posts]."""
        if not posts:
            return np.zeros(0)
        texts = ([post.text for post in posts], [post.said() for post in posts])
        scores = []
        for stack, column, batch in zip(
            self._stacks, self._columns, map(text_pass, texts), strict=True
        ):
            features = Features(batch, self._cutter.cut_pass(batch))
            scores.append(stack.scores(features)[0][:, column])
        return self._curve.predict(
            scores[0], scores[1], np.array([post.counts() for post in posts])
        )
