"""Train a LinearModel: ridge regression on one-of-all targets, which beat hinge loss and
logistic loss on headlines, and a softmax sharpness from texts held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import Ridge
from sklearn.model_selection import StratifiedKFold

from models.features import BUCKETS, KINDS, part_of
from models.linear import LinearModel, finish, softmax

SHARPNESS = np.geomspace(0.5, 30, 60)
_FEW = 2  # a feature of fewer texts says nothing
_SMOOTH = 0.5
_LONG = ("3", "4")


@dataclass(frozen=True)
class Member:
    """One classifier. `weighing`: how a feature's worth is set before the fit, by its rarity,
    or by how unlike the classes are in it. `telling`: characters in threes and fours of less
    worth are left out; each costs a look-up in a table beyond the processor's cache."""

    kinds: tuple[str, ...]
    weighing: Literal["rarity", "contrast"]
    alpha: float
    telling: float = 0.0


@dataclass(frozen=True)
class Recipe:
    """What a task's model is made of: members that err differently, averaged."""

    members: tuple[Member, ...]
    folds: int = 5

    @property
    def kinds(self) -> tuple[str, ...]:
        found = {kind for member in self.members for kind in member.kinds}
        return tuple(kind for kind in KINDS if kind in found)


def worth(
    counts: csr_matrix, targets: np.ndarray, weights: np.ndarray, member: Member
) -> np.ndarray:
    """float32[BUCKETS]: what an occurrence counts; `targets` are ±1, [texts, columns]."""
    seen = counts.getnnz(axis=0)
    if member.weighing == "rarity":
        worths = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
    else:
        inside = counts.T @ ((targets > 0) * weights[:, None]).astype(np.float32) + _SMOOTH
        outside = counts.T @ ((targets < 0) * weights[:, None]).astype(np.float32) + _SMOOTH
        ratios = np.log((inside / inside.sum(axis=0)) / (outside / outside.sum(axis=0)))
        worths = (ratios**2).mean(axis=1) ** 0.25
        for kind in _LONG:
            own = worths[part_of(kind)]
            own[own < member.telling] = 0
    worths[seen < _FEW] = 0
    foreign = np.ones(BUCKETS, dtype=bool)
    for kind in member.kinds:
        foreign[part_of(kind)] = False
    worths[foreign] = 0
    return worths.astype(np.float32)


def rows_of(counts: csr_matrix, worths: np.ndarray) -> csr_matrix:
    """Rows of length about 1. Repeats count as often as they occur, in the row and in its
    norm: what inference can do without sorting the features of each text."""
    norms = np.sqrt(np.maximum(counts @ (worths**2), 1.0))
    return (diags(1 / norms) @ counts @ diags(worths)).tocsr()


def fit(
    counts: csr_matrix, targets: np.ndarray, weights: np.ndarray, recipe: Recipe
) -> tuple[np.ndarray, np.ndarray]:
    """(table, bias) as a LinearModel has them."""
    columns = targets.shape[1]
    table = np.zeros((BUCKETS, len(recipe.members), columns + 1), dtype=np.float32)
    bias = np.zeros(columns)
    for at, member in enumerate(recipe.members):
        worths = worth(counts, targets, weights, member)
        used = np.flatnonzero(worths)
        ridge = Ridge(alpha=member.alpha, solver="sparse_cg", tol=1e-3)
        ridge.fit(rows_of(counts, worths)[:, used], targets, sample_weight=weights)
        table[used, at, :-1] = (ridge.coef_.reshape(columns, -1) * worths[used]).T
        table[:, at, -1] = worths**2
        bias += ridge.intercept_
    return table.reshape(BUCKETS, -1), (bias / len(recipe.members)).astype(np.float32)


def train(
    task: str, counts: csr_matrix, labels: list[str], weights: np.ndarray, recipe: Recipe
) -> tuple[LinearModel, np.ndarray]:
    """(the model, scores [texts, labels] of each text by models not trained on it)."""
    names = sorted(set(labels))
    truth = np.searchsorted(names, labels)
    targets = np.where(np.arange(len(names)) == truth[:, None], 1.0, -1.0).astype(np.float32)
    targets = targets[:, 1:] if len(names) == 2 else targets
    counts.sum_duplicates()
    held = np.zeros((len(labels), len(names)), dtype=np.float32)
    parts = StratifiedKFold(recipe.folds, shuffle=True, random_state=0)
    for known, unknown in parts.split(truth, truth):
        table, bias = fit(counts[known], targets[known], weights[known], recipe)
        held[unknown] = finish(counts[unknown] @ table, bias)
    table, bias = fit(counts, targets, weights, recipe)
    sharpness = min(SHARPNESS, key=lambda each: _log_loss(held * each, truth))
    model = LinearModel(task, "", tuple(names), recipe.kinds, table, bias, float(sharpness))
    return model, held


def _log_loss(scores: np.ndarray, truth: np.ndarray) -> float:
    chances = softmax(scores)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chances, 1e-12)).mean())
