"""Train the forecast of how far a post will spread, and measure it on posts not seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.model_selection import StratifiedKFold

from models.early import EarlyModel
from models.first_hour import Heard, Root, numbers
from models.training.cascades import timed

BIG, FALSE_ALARMS = 0.1, 0.05
FOLDS, SEEDS = 5, (1, 2, 3)


def inputs(rows: Iterable[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """(numbers of each post's first hour, how many replies it had in all)."""
    found, sizes = [], []
    for row in rows:
        heard = []
        for at, each in timed(row):
            seconds = at - row["time"]
            if -60 <= seconds <= 3600:  # clocks differ
                heard.append(
                    Heard(max(seconds, 0.0), each["mid"], each["parent"], each["author"],
                          each["text"])
                )  # fmt: skip
        root = Root(
            row["text"], datetime.fromtimestamp(row["time"], UTC),
            row.get("author_followers") or 0, bool(row.get("author_verified")),
        )  # fmt: skip
        found.append(numbers(root, heard))
        sizes.append(len(row["spread"]))
    return np.array(found), np.array(sizes, dtype=np.float64)


def train_early(found: np.ndarray, sizes: np.ndarray) -> tuple[EarlyModel, np.ndarray, np.ndarray]:
    """(the model; the expected size of each post by models that had not seen it; whether the
    post was of the biggest tenth)."""
    least = float(np.sort(sizes)[-int(len(sizes) * BIG) - 1])
    big = sizes >= least
    held = np.zeros(len(sizes))
    for known, unknown in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(found, big):
        held[unknown] = _fit(found[known], sizes[known]).scores(found[unknown])
    model = _fit(found, sizes)
    curve = LogisticRegression(C=1e6, max_iter=1000).fit(held[:, None] / 100, big)
    rises = np.array([curve.coef_[0, 0] / 100, curve.intercept_[0]])
    flagged = float(np.quantile(held[~big], 1 - FALSE_ALARMS))
    fields = {name: getattr(model, name) for name in EarlyModel.__dataclass_fields__}
    return EarlyModel(**fields | {"rises": rises, "flagged": flagged, "big": least}), held, big


def figures(scores: np.ndarray, big: np.ndarray) -> tuple[float, float]:
    """(share of the big ones flagged at 5 % false alarms, AUC)."""
    false, right, _ = roc_curve(big, scores)
    return float(right[false <= FALSE_ALARMS].max()), float(roc_auc_score(big, scores))


def _fit(found: np.ndarray, sizes: np.ndarray) -> EarlyModel:
    # Told the size itself, trees learn more than when told only big or not.
    forests = [
        GradientBoostingRegressor(
            n_estimators=150, learning_rate=0.04, max_depth=5, subsample=0.5, max_features=0.15,
            min_samples_leaf=12, random_state=seed,
        ).fit(found, sizes)
        for seed in SEEDS
    ]  # fmt: skip
    feature, limit, left, right, value, roots = [], [], [], [], [], []
    nodes = 0
    for forest in forests:
        for (tree,) in forest.estimators_:
            inner = tree.tree_.children_left >= 0
            roots.append(nodes)
            feature.append(np.where(inner, tree.tree_.feature, -1))
            limit.append(tree.tree_.threshold)
            left.append(np.where(inner, tree.tree_.children_left + nodes, 0))
            right.append(np.where(inner, tree.tree_.children_right + nodes, 0))
            value.append(tree.tree_.value[:, 0, 0] * forest.learning_rate / len(forests))
            nodes += len(inner)
    return EarlyModel(
        np.concatenate(feature).astype(np.int16), np.concatenate(limit).astype(np.float32),
        np.concatenate(left).astype(np.int32), np.concatenate(right).astype(np.int32),
        np.concatenate(value).astype(np.float32), np.array(roots, np.int32), float(sizes.mean()),
        0.0, 0.0, np.zeros(2),
    )  # fmt: skip
