"""A linear-chain tagger over characters: where times, places and subjects are named.

Weights are int16 tables of hashed features (see `tagger_features`), shipped as
data/facts.npz and trained by `models.training.facts`. `models.tagger_path` scores a batch
and finds the best path through each sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.joined import Joined, among
from models.marks import Marks, marks
from models.reach import joined_reach
from models.tagger_features import BITS, PLANES, TEMPLATES
from models.tagger_path import best_labels

KINDS = ("time", "place", "subject")
LABELS = 1 + len(KINDS)  # 0 outside, 1+k inside a span of kind k
SCALE = 256.0  # weight 1.0 in the int16 tables

_ENDS = among("\n\r\t。!?;")  # never within a span
_MARKS = _ENDS | among(",、:“”\"'‘’()《》<>【】…—- ")  # never at the edge of a span

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint16]
Flags = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Weights:
    tables: npt.NDArray[np.int16]  # (templates, 2**BITS, LABELS)
    transitions: npt.NDArray[np.int32]  # (LABELS, LABELS), from row to column
    version: str


@dataclass(frozen=True)
class Spans:
    """`kind[i]` (an index of KINDS) is named at `batch.text[start[i]:end[i]]`, in order."""

    batch: Joined
    start: Ints
    end: Ints
    kind: Ints
    known: Marks  # dictionary words of the batch, within spans or not


def load(path: Path) -> Weights:
    """Read a file written by `models.training.facts.save`."""
    with np.load(path, allow_pickle=False) as stored:
        tables = np.zeros((len(TEMPLATES) << BITS, LABELS), dtype=np.int16)
        tables[stored["rows"]] = stored["values"]
        return Weights(
            tables.reshape(len(TEMPLATES), 1 << BITS, LABELS),
            stored["transitions"].astype(np.int32),
            str(stored["version"]),
        )


@cache
def shipped() -> Weights:
    return load(Path(__file__).parent / "data" / "facts.npz")


def spans(texts: Sequence[str], weights: Weights | None = None) -> Spans:
    """Times, places and subjects in as much of each text as `models.reach` reads."""
    batch = joined_reach(texts)
    known = marks(batch)
    labels = tag(batch, known, weights or shipped())
    changes = np.flatnonzero(np.diff(labels))
    kind = labels[changes + 1].astype(np.int64)
    named = np.flatnonzero(kind)  # the last change is always to outside
    start, end = changes[named] + 1, changes[named + 1] + 1
    start += _MARKS.take(batch.codes[start])
    end -= _MARKS.take(batch.codes[end - 1])
    kept = end > start
    return Spans(batch, start[kept], end[kept], kind[named][kept] - 1, known)


def tag(batch: Joined, known: Marks, weights: Weights) -> npt.NDArray[np.int8]:
    """The label of every character of the batch; separators are outside."""
    planes = PLANES["char"], PLANES["class"]
    return best_labels(batch.codes, known.flags, planes, _ENDS, weights.tables, weights.transitions)
