"""How good a classifier is: accuracy, F1 per class, calibration, confusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

_BINS = 15
_CONFUSIONS = 10


def measure(truth: Sequence[str], said: Sequence[str], sure: Sequence[float]) -> dict[str, Any]:
    """Figures of `said` against `truth`; `sure` is the probability given to what was said."""
    right = np.array([a == b for a, b in zip(truth, said, strict=True)])
    wrong = Counter((a, b) for a, b in zip(truth, said, strict=True) if a != b)
    classes = {label: _class(label, truth, said) for label in sorted(set(truth))}
    return {
        "rows": len(right),
        "accuracy": round(float(right.mean()), 4),
        "macro_f1": round(float(np.mean([each["f1"] for each in classes.values()])), 4),
        "calibration_error": round(_calibration_error(right, np.array(sure)), 4),
        "per_class": classes,
        "confusions": [
            {"truth": a, "said": b, "times": times}
            for (a, b), times in wrong.most_common(_CONFUSIONS)
        ],
    }


def _class(label: str, truth: Sequence[str], said: Sequence[str]) -> dict[str, float | int]:
    both = sum(a == b == label for a, b in zip(truth, said, strict=True))
    claimed, there = said.count(label), truth.count(label)
    precision, recall = both / claimed if claimed else 0.0, both / there if there else 0.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "rows": there,
    }


def _calibration_error(right: np.ndarray, sure: np.ndarray) -> float:
    """Expected calibration error: how far claimed chances are from what came true."""
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for each in np.unique(bins):
        mask = bins == each
        error += float(mask.mean() * abs(right[mask].mean() - sure[mask].mean()))
    return error
