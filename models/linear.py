"""A linear classifier over hashed features: a table of numbers, and nothing else."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.features import BUCKETS, Features
from schemas.errors import UserError

FORMAT = 2  # of the file, and of the buckets that models.features gives


@dataclass(frozen=True)
class LinearModel:
    """The mean of `members` linear classifiers over the same features.

    table: float32[BUCKETS, members · (columns + 1)], each member's weights, and last its
    squared worth of the bucket, whose sum over a text is the square of the text's norm;
    columns is the number of labels, or 1 for two labels (then the first's is the negative).
    A member's score is (sum of its weights over the text) / norm; bias is added to the mean.
    Bucket 0 is zero.
    """

    task: str
    version: str
    labels: tuple[str, ...]
    kinds: tuple[str, ...]
    table: np.ndarray
    bias: np.ndarray
    sharpness: float  # of the softmax; fitted on texts not trained on

    def scores(self, features: Features) -> np.ndarray:
        """float32[texts, labels]."""
        return finish(features.sums(self.table, self.kinds), self.bias)

    def probabilities(self, features: Features) -> np.ndarray:
        """float32[texts, labels], each row 1 in sum."""
        return softmax(self.scores(features) * self.sharpness)


def finish(sums: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Scores [texts, labels] of the sums of table rows; `bias` has a number per column."""
    width = len(bias) + 1
    parts = sums.reshape(len(sums), sums.shape[1] // width, width)
    norms = np.sqrt(np.maximum(parts[:, :, -1:], 1.0))
    scores = (parts[:, :, :-1] / norms).mean(axis=1) + bias
    return np.concatenate((-scores, scores), axis=1) if len(bias) == 1 else scores


def softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def save(model: LinearModel, path: Path) -> None:
    """As .npz, weights in int8 with a step per column, only buckets that are used."""
    used = np.flatnonzero(model.table.any(axis=1))
    table = model.table[used]
    steps = np.maximum(np.abs(table).max(axis=0), 1e-9) / 127
    meta = {
        "format": FORMAT,
        "task": model.task,
        "version": model.version,
        "labels": model.labels,
        "kinds": model.kinds,
        "sharpness": model.sharpness,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        meta=np.array(json.dumps(meta, ensure_ascii=False)),
        gaps=np.diff(used, prepend=0).astype(np.uint32),
        table=np.rint(table / steps).astype(np.int8),
        steps=steps.astype(np.float32),
        bias=model.bias.astype(np.float32),
    )


def load(path: Path) -> LinearModel:
    """UserError, in one line, for a file that is missing, broken or of another format."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            meta = json.loads(str(arrays["meta"]))
            if meta["format"] != FORMAT:
                raise ValueError(f"format {meta['format']}, this version reads {FORMAT}")
            labels = tuple(meta["labels"])
            table = np.zeros((BUCKETS, len(arrays["steps"])), dtype=np.float32)
            table[np.cumsum(arrays["gaps"])] = arrays["table"] * arrays["steps"]
            _check(table, arrays["bias"], len(labels))
            return LinearModel(
                task=str(meta["task"]),
                version=str(meta["version"]),
                labels=labels,
                kinds=tuple(meta["kinds"]),
                table=table,
                bias=arrays["bias"],
                sharpness=float(meta["sharpness"]),
            )
    except (OSError, EOFError, KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
        problem = " ".join(str(error).split())
        raise UserError(
            f"{path} is no model file: {problem}", "train it again or restore it"
        ) from None


def _check(table: np.ndarray, bias: np.ndarray, labels: int) -> None:
    """ValueError when the shapes do not fit each other."""
    columns = 1 if labels == 2 else labels
    if labels < 2 or bias.shape != (columns,) or table.shape[1] % (columns + 1):
        raise ValueError(f"{labels} labels, bias {bias.shape}, table {table.shape}")
