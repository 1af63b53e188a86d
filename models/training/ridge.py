"""Train a LinearModel: ridge regression on one-of-all targets, which beat hinge loss and
logistic loss on headlines, and a softmax sharpness from texts held out."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import Ridge
from sklearn.model_selection import StratifiedKFold

from models.features import BUCKETS
from models.linear import LinearModel, softmax

SHARPNESS = np.geomspace(0.5, 30, 60)
_FEW = 2  # a feature of fewer texts says nothing


@dataclass(frozen=True)
class Recipe:
    """What a task's model is made of."""

    kinds: tuple[str, ...] = ("1", "2")
    alpha: float = 0.5
    folds: int = 5


def weigh(counts: csr_matrix) -> tuple[csr_matrix, np.ndarray]:
    """(float32 rows of length about 1, rarity of each bucket) of occurrence counts.

    Repeats count as often as they occur, in the row and in its norm: what inference can do
    without sorting the features of each text.
    """
    counts = counts.tocsr()
    counts.sum_duplicates()
    seen = np.bincount(counts.indices, minlength=BUCKETS)
    rarity = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
    rarity[(seen < _FEW) | (np.arange(BUCKETS) == 0)] = 0
    return normed(counts, rarity), rarity


def normed(counts: csr_matrix, rarity: np.ndarray) -> csr_matrix:
    squares = counts @ (rarity**2)
    return diags(1 / np.sqrt(np.maximum(squares, 1.0))) @ counts @ diags(rarity)


def fit(rows: csr_matrix, targets: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """(weights float64[labels, BUCKETS], bias) of `rows` and ±1 targets [texts, labels]."""
    used = np.flatnonzero(rows.getnnz(axis=0))
    ridge = Ridge(alpha=alpha, solver="sparse_cg", tol=1e-4)
    ridge.fit(rows[:, used], targets)
    weights = np.zeros((targets.shape[1], BUCKETS))
    weights[:, used] = ridge.coef_
    return weights, ridge.intercept_


def train(
    task: str, counts: csr_matrix, labels: list[str], recipe: Recipe
) -> tuple[LinearModel, np.ndarray]:
    """(the model, scores [texts, labels] of each text by models not trained on it)."""
    names = sorted(set(labels))
    truth = np.searchsorted(names, labels)
    targets = np.where(np.arange(len(names)) == truth[:, None], 1.0, -1.0)
    rows, rarity = weigh(counts)
    held = np.zeros(targets.shape)
    parts = StratifiedKFold(recipe.folds, shuffle=True, random_state=0)
    for known, unknown in parts.split(truth, truth):
        weights, bias = fit(rows[known], targets[known], recipe.alpha)
        held[unknown] = rows[unknown] @ weights.T + bias
    weights, bias = fit(rows, targets, recipe.alpha)
    table = np.zeros((BUCKETS, len(names) + 1), dtype=np.float32)
    table[:, :-1] = (weights * rarity).T
    table[:, -1] = rarity**2
    sharpness = min(SHARPNESS, key=lambda each: _log_loss(held * each, truth))
    return LinearModel(
        task=task,
        version=blake2b(table.tobytes(), digest_size=6).hexdigest(),
        labels=tuple(names),
        kinds=recipe.kinds,
        table=table,
        bias=bias.astype(np.float32),
        sharpness=float(sharpness),
    ), held


def _log_loss(scores: np.ndarray, truth: np.ndarray) -> float:
    chances = softmax(scores)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chances, 1e-12)).mean())
