"""A linear classifier over hashed features: a table of numbers, and nothing else."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.features import BUCKETS, Features
from schemas.errors import UserError

FORMAT = 1


@dataclass(frozen=True)
class LinearModel:
    """scores = (sum of the rows of the text's features) / norm + bias.

    table: float32[BUCKETS, labels + 1], the weights, and in the last column the squared
    rarity of the bucket, whose sum is the square of the text's norm. Bucket 0 is zero.
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
        return finish(features.matrix(self.kinds) @ self.table, self.bias)

    def probabilities(self, features: Features) -> np.ndarray:
        """float32[texts, labels], each row 1 in sum."""
        return softmax(self.scores(features) * self.sharpness)


def finish(sums: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Scores of the sums of table rows: float32[texts, labels + 1] to [texts, labels]."""
    return sums[:, :-1] / np.sqrt(np.maximum(sums[:, -1:], 1.0)) + bias


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
            table = np.zeros((BUCKETS, len(labels) + 1), dtype=np.float32)
            table[np.cumsum(arrays["gaps"])] = arrays["table"] * arrays["steps"]
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
