"""Overlap precision, recall and F1 of named spans, and k-fold cross-validation of the tagger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

import numpy as np

from models.tagger import Weights
from models.training.facts import Row, train

KINDS = ("times", "places", "subjects")
Answer = dict[str, list[str]]  # kind -> the spans named in one text


def scores(rows: Sequence[Row], answers: Sequence[Answer]) -> dict[str, tuple[float, float, float]]:
    """Kind -> (precision, recall, F1). A span counts when it shares half of the shorter one."""
    out = {}
    for kind in KINDS:
        hits = named = found = gold = 0
        for row, answer in zip(rows, answers, strict=True):
            named += len(answer[kind])
            gold += len(row[kind])
            hits += sum(_met(a, row[kind]) for a in answer[kind])
            found += sum(_met(a, answer[kind]) for a in row[kind])
        precision, recall = hits / max(named, 1), found / max(gold, 1)
        out[kind] = (precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))
    return out


def cross_validate(
    rows: Sequence[Row],
    answer: Callable[[Sequence[Row], Weights], list[Answer]],
    extra: Sequence[Row] = (),
    folds: int = 5,
) -> tuple[dict[str, tuple[float, float, float]], list[Answer]]:
    """Each row answered by weights that were trained without it, and with all of `extra`."""
    order = np.random.default_rng(0).permutation(len(rows))
    answers: list[Answer] = [{} for _ in rows]
    for fold in range(folds):
        held = order[fold::folds]
        rest = np.setdiff1d(order, held)
        weights = train([*(rows[i] for i in rest), *extra], f"fold {fold}")
        for i, found in zip(held, answer([rows[i] for i in held], weights), strict=True):
            answers[i] = found
    return scores(rows, answers), answers


def _met(span: str, others: Sequence[str]) -> bool:
    for other in others:
        if span == other:
            return True
        match = SequenceMatcher(None, span, other, autojunk=False)
        size = match.find_longest_match(0, len(span), 0, len(other)).size
        if size >= 2 and size * 2 >= min(len(span), len(other)):
            return True
    return False
