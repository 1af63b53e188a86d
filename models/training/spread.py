"""Train the judgement of a rumour by its first hour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from models.linear import LinearModel
from models.spread import FirstHour, Reply, SpreadModel
from models.training.cascades import timed
from models.training.tasks import NO_RUMOUR, RUMOUR, train_task
from models.words import Cutter


def first_hour(row: dict[str, Any]) -> FirstHour:
    """Of a row of models.training.cascades."""
    replies = []
    for at, each in timed(row):
        seconds = at - row["time"]
        if seconds >= -60:  # clocks differ
            replies.append(Reply(seconds, each["text"], each["author"], bool(each["parent"])))
    return FirstHour(
        row["text"], replies, row.get("author_followers") or 0, bool(row.get("author_verified"))
    )


def train_spread(
    posts: Iterable[FirstHour], labels: list[str], cutter: Cutter
) -> tuple[LinearModel, LinearModel, SpreadModel, np.ndarray]:
    """(model of posts, model of replies, the curve over both, chance of a rumour of each post
    by models that had not seen it)."""
    posts = list(posts)
    truth = np.array([label == RUMOUR for label in labels])
    words, word_scores = train_task("rumour", [post.text for post in posts], labels, cutter)
    replies, reply_scores = train_task("replies", [post.said() for post in posts], labels, cutter)
    column = words.labels.index(RUMOUR)
    scores = np.column_stack((word_scores[:, column], reply_scores[:, column]))
    counts = np.array([post.counts() for post in posts])
    held = np.zeros(len(posts))
    parts = StratifiedKFold(5, shuffle=True, random_state=1)
    for known, unknown in parts.split(counts, truth):
        curve = _fit(scores[known], counts[known], truth[known])
        held[unknown] = curve.predict(scores[unknown, 0], scores[unknown, 1], counts[unknown])
    return words, replies, _fit(scores, counts, truth), held


def _fit(scores: np.ndarray, counts: np.ndarray, truth: np.ndarray) -> SpreadModel:
    center, scale = counts.mean(axis=0), np.maximum(counts.std(axis=0), 1e-9)
    inputs = np.column_stack((scores, (counts - center) / scale))
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(inputs, truth)
    return SpreadModel(fitted.coef_[0], float(fitted.intercept_[0]), center, scale)


__all__ = ["NO_RUMOUR", "RUMOUR", "first_hour", "train_spread"]
