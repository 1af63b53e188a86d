"""Train the tagger of times, places and subjects (`models/data/facts.npz`).

A row has `text` and the lists `times`, `places`, `subjects`: the spans named in the text, in
their order; or `labels`, one for each character, and a `weight`. What is kept is hashed weights
and transitions: no text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.joined import PAD, join
from models.marks import marks
from models.tagger import KINDS, LABELS, SCALE, Weights
from models.tagger_features import BITS, TEMPLATES, indices
from models.training.crf import Ints, Sequences, fit

PENALTY = 0.5
ROUNDS = 80
# Added to the labels of each kind: recall against precision, chosen by cross-validation.
BIAS = {"time": 0.2, "place": 0.75, "subject": 0.5}
_SMALLEST = 4  # weights (of SCALE) under this are not kept
_ENDS = "。！？；\n"

Row = Mapping[str, Any]


def labels_of(row: Row) -> Ints:
    """One label a character; where spans overlap the longer one stands."""
    if "labels" in row:
        return np.asarray(row["labels"], dtype=np.int64)
    text = row["text"]
    found = []
    for kind, name in enumerate(KINDS):
        position = 0
        for mention in row[name + "s"]:
            at = text.find(mention, position)
            if at >= 0 and mention:
                found.append((len(mention), at, kind))
                position = at + len(mention)
    labels = np.zeros(len(text), dtype=np.int64)
    for length, at, kind in sorted(found, reverse=True):
        if not labels[at : at + length].any():
            labels[at : at + length] = 1 + kind
    return labels


def sequences(rows: Sequence[Row]) -> Sequences:
    """The rows cut into sentences, with their features."""
    texts = [row["text"] for row in rows if row["text"]]
    batch = join(texts)
    offsets = np.arange(len(TEMPLATES)) << BITS
    columns = np.stack(indices(batch.codes, marks(batch).flags), axis=1) + offsets
    kept = np.concatenate(
        [np.arange(s - PAD, e - PAD) for s, e in zip(batch.starts, batch.ends, strict=True)]
    )
    ends = []
    position = 0
    for text in texts:
        last = len(text) - 1
        ends += [position + i for i, c in enumerate(text) if c in _ENDS or i == last]
        position += len(text)
    end = np.array(ends, dtype=np.int64) + 1
    begin = np.concatenate([[0], end[:-1]])
    labels = np.concatenate([labels_of(row) for row in rows if row["text"]])
    weight = np.concatenate(
        [np.full(len(row["text"]), row.get("weight", 1.0)) for row in rows if row["text"]]
    )
    return Sequences(columns[kept], labels, begin, end - begin, weight)


def train(rows: Sequence[Row], version: str, rounds: int = ROUNDS) -> Weights:
    """Weights from labelled rows; ValueError when there are none. About 20 s for 200 rows."""
    if not any(row["text"] for row in rows):
        raise ValueError("no labelled text to train on")
    seen, values, moves = fit(sequences(rows), len(TEMPLATES) << BITS, LABELS, PENALTY, rounds)
    limit = 30_000 // len(TEMPLATES)  # so that no sum of templates leaves int16
    whole = np.clip(np.rint(values * SCALE), -limit, limit).astype(np.int16)
    whole[np.abs(whole) < _SMALLEST] = 0
    tables = np.zeros((len(TEMPLATES) << BITS, LABELS), dtype=np.int16)
    tables[seen] = whole
    transitions = np.rint(moves * SCALE).astype(np.int32)
    for kind, name in enumerate(KINDS):  # the bias rides on the moves into and within a kind
        transitions[:, 1 + kind] += int(BIAS[name] * SCALE)
    return Weights(tables.reshape(len(TEMPLATES), 1 << BITS, LABELS), transitions, version)


def save(weights: Weights, path: Path) -> None:
    """Write what `models.tagger.load` reads: only the rows that say something."""
    flat = weights.tables.reshape(-1, LABELS)
    rows = np.flatnonzero(flat.any(axis=1))
    np.savez_compressed(
        path,
        rows=rows.astype(np.int32),
        values=flat[rows],
        transitions=weights.transitions,
        version=np.array(weights.version),
    )
