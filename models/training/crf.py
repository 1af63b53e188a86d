"""A linear-chain conditional random field on hashed features, trained with L-BFGS."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sequences:
    """`columns` (positions, templates): the feature of each template at each position.

    `begin` and `length` cut the positions into sequences; label 0 stands before the first and
    after the last character of each. `weight` says how much each position counts (one value
    for a whole sequence).
    """

    columns: Ints
    labels: Ints
    begin: Ints
    length: Ints
    weight: Floats


def fit(
    data: Sequences, size: int, labels: int, penalty: float, rounds: int
) -> tuple[Ints, Floats, Floats]:
    """(features seen, their weights (seen, labels), transitions (labels, labels))."""
    positions, templates = data.columns.shape
    matrix = csr_matrix(
        (
            np.ones(data.columns.size),
            data.columns.ravel(),
            np.arange(positions + 1, dtype=np.int64) * templates,
        ),
        shape=(positions, size),
    )
    seen = np.unique(data.columns)
    matrix = matrix[:, seen]
    across = matrix.T.tocsr()
    steps = _by_step(data)
    gold = np.zeros((positions, labels))
    gold[np.arange(positions), data.labels] = data.weight
    gold_features = across @ gold
    gold_moves = _gold_moves(data, steps, labels)
    split = len(seen) * labels

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, moves = flat[:split].reshape(-1, labels), flat[split:].reshape(labels, labels)
        scores = matrix @ weights
        log_z, marginals, expected = _expectations(scores, moves, steps, data.weight)
        likelihood = (scores * gold).sum() + (moves * gold_moves).sum() - log_z
        slope = np.concatenate(
            [(across @ marginals - gold_features).ravel(), (expected - gold_moves).ravel()]
        )
        return 0.5 * penalty * float(flat @ flat) - float(likelihood), slope + penalty * flat

    found = minimize(
        loss,
        np.zeros(split + labels * labels),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": rounds, "maxcor": 6},
    ).x
    return seen, found[:split].reshape(-1, labels), found[split:].reshape(labels, labels)


def _by_step(data: Sequences) -> list[Ints]:
    """Positions of step t of every sequence that has one, the longest sequence first."""
    order = np.argsort(-data.length, kind="stable")
    begin, length = data.begin[order], data.length[order]
    return [begin[: int((length > t).sum())] + t for t in range(int(length[0]))]


def _gold_moves(data: Sequences, steps: list[Ints], labels: int) -> Floats:
    moves = np.zeros((labels, labels))
    np.add.at(moves[0], data.labels[steps[0]], data.weight[steps[0]])
    for before, now in itertools.pairwise(steps):
        np.add.at(moves, (data.labels[before[: len(now)]], data.labels[now]), data.weight[now])
    last = data.begin + data.length - 1
    np.add.at(moves[:, 0], data.labels[last], data.weight[last])
    return moves


def _lse(values: Floats, axis: int) -> Floats:
    top = values.max(axis, keepdims=True)
    total: Floats = (top + np.log(np.exp(values - top).sum(axis, keepdims=True))).squeeze(axis)
    return total


def _expectations(
    scores: Floats, moves: Floats, steps: list[Ints], weight: Floats
) -> tuple[float, Floats, Floats]:
    """Log of the partition function, label marginals, expected transitions, all weighted."""
    forward = [scores[steps[0]] + moves[0]]
    for now in steps[1:]:
        before = forward[-1][: len(now)]
        forward.append(_lse(before[:, :, None] + moves, 1) + scores[now])
    backward = [np.empty(0)] * len(steps)
    after = np.empty((0, scores.shape[1]))
    for t in range(len(steps) - 1, -1, -1):
        here = np.tile(moves[:, 0], (len(steps[t]), 1))
        n = len(after)
        if n:
            here[:n] = _lse(moves[None] + (scores[steps[t + 1]] + after)[:, None, :], 2)
        backward[t] = after = here
    log_z = _lse(forward[0] + backward[0], 1)
    marginals, expected = np.zeros_like(scores), np.zeros_like(moves)
    for t, now in enumerate(steps):
        n = len(now)
        share = weight[now][:, None]
        marginals[now] = np.exp(forward[t] + backward[t] - log_z[:n, None]) * share
        if t:
            ahead = (scores[now] + backward[t])[:, None, :]
            pairs = forward[t - 1][:n, :, None] + moves + ahead - log_z[:n, None, None]
            expected += (np.exp(pairs) * share[:, :, None]).sum(0)
    expected[0] += marginals[steps[0]].sum(0)
    ends = np.ones(len(scores), dtype=bool)
    for before, now in itertools.pairwise(steps):
        ends[before[: len(now)]] = False
    expected[:, 0] += marginals[ends].sum(0)
    return float(log_z @ weight[steps[0]]), marginals, expected
