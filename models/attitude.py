"""Positive, neutral or negative, from one linear model over characters."""

from __future__ import annotations

import numpy as np

from models.features import Features
from models.linear import LinearModel
from schemas.analysis import Attitude, AttitudeLabel

LABELS: tuple[AttitudeLabel, ...] = ("negative", "neutral", "positive")  # the model's order


class AttitudeModel:
    def __init__(self, model: LinearModel) -> None:
        """ValueError for a model with other labels."""
        if model.labels != LABELS:
            raise ValueError(f"an attitude model has the labels {LABELS}, not {model.labels}")
        self._model = model

    def chances(self, features: Features) -> np.ndarray:
        """float32[texts, 3] in the order of LABELS; a text without letters is neutral."""
        chances = self._model.probabilities(features)
        chances[features.letters == 0] = (0, 1, 0)
        return chances


def to_schema(chances: np.ndarray) -> list[Attitude]:
    best = chances.argmax(axis=1).tolist()
    return [
        Attitude(
            label=LABELS[at],
            negative=round(negative, 3),
            neutral=round(neutral, 3),
            positive=round(positive, 3),
        )
        for at, (negative, neutral, positive) in zip(best, chances.tolist(), strict=True)
    ]
