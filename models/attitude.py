"""Positive, neutral or negative: is it an opinion at all, and which way does it go."""

from __future__ import annotations

import numpy as np

from models.linear import LinearModel
from schemas.analysis import Attitude, AttitudeLabel

LABELS: tuple[AttitudeLabel, ...] = ("negative", "neutral", "positive")  # the model's order


SIDES = (LABELS[::2], LABELS)  # what the labels of an attitude model may be
OPINION = ("neutral", "opinion")


def check(side: LinearModel, opinion: LinearModel) -> None:
    """ValueError when the two models are not made for `combine`."""
    if side.labels not in SIDES:
        raise ValueError(f"an attitude model has the labels {LABELS}, not {side.labels}")
    if opinion.labels != OPINION:
        raise ValueError(f"the opinion model has the labels {OPINION}, not {opinion.labels}")


def combine(side: np.ndarray, opinion: np.ndarray, letters: np.ndarray) -> np.ndarray:
    """float32[texts, 3] in the order of LABELS, of the chances that the two models give: which
    way an opinion goes, and whether it is one. An opinion that could go either way is half
    neutral. A `side` that knows all three stands alone; a text without letters is neutral."""
    chances = side
    if side.shape[1] == len(SIDES[0]):
        is_one = opinion[:, 1] * (1 + np.abs(side[:, 1] - side[:, 0])) / 2
        chances = np.stack((side[:, 0] * is_one, 1 - is_one, side[:, 1] * is_one), axis=1)
    chances[letters == 0] = (0, 1, 0)
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
