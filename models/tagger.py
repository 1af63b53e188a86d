"""A linear-chain tagger over characters: where times, places and subjects are named.

Weights are int16 tables of hashed features (see `tagger_features`), shipped as
data/facts.npz and trained by `models.training.facts`. A whole batch is scored in a few array
passes; the best path is then searched only in the *islands*: stretches where "outside" does
not win by a margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.joined import PAD, Joined, join
from models.tagger_features import BITS, TEMPLATES, indices

KINDS = ("time", "place", "subject")
LABELS = 1 + 2 * len(KINDS)  # 0 outside, 1+2k begins kind k, 2+2k goes on with it
SCALE = 256.0  # weight 1.0 in the int16 tables
FORBIDDEN = -16_000  # going on with what has not begun
READ = 600  # characters of a text that are read: facts of a report stand at its head
_MARGIN = int(4 * SCALE)
_LONGEST = 80  # characters of an island
_SEPARATOR = ord("\n")

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Weights:
    tables: npt.NDArray[np.int16]  # (templates, 2**BITS, 8); the eighth column is not used
    transitions: npt.NDArray[np.int32]  # (LABELS, LABELS), from row to column
    version: str


@dataclass(frozen=True)
class Spans:
    """`kind[i]` (an index of KINDS) is named at `batch.text[start[i]:end[i]]`, in order."""

    batch: Joined
    start: Ints
    end: Ints
    kind: Ints


def load(path: Path) -> Weights:
    """Read a file written by `models.training.facts.save`."""
    with np.load(path, allow_pickle=False) as stored:
        tables = np.zeros((len(TEMPLATES) << BITS, 8), dtype=np.int16)
        tables[stored["rows"], :LABELS] = stored["values"]
        return Weights(
            tables.reshape(len(TEMPLATES), 1 << BITS, 8),
            stored["transitions"].astype(np.int32),
            str(stored["version"]),
        )


@cache
def shipped() -> Weights:
    return load(Path(__file__).parent / "data" / "facts.npz")


def spans(texts: Sequence[str], weights: Weights | None = None) -> Spans:
    """Times, places and subjects in the first READ characters of each text."""
    weights = weights or shipped()
    batch = join(texts, READ)
    labels = tag(batch, weights)
    begins = (labels & 1) == 1
    goes_on = (labels != 0) & ~begins
    start = np.flatnonzero(begins)
    # A span ends at the first character after its begin that does not go on.
    stops = np.flatnonzero(~goes_on)
    end = stops[np.searchsorted(stops, start + 1)]
    return Spans(batch, start, end, (labels[start].astype(np.int64) - 1) // 2)


def tag(batch: Joined, weights: Weights) -> npt.NDArray[np.int8]:
    """The label of every character of the batch; separators are outside."""
    labels = np.zeros(len(batch.codes), dtype=np.int8)
    scores = emissions(batch, weights)
    columns = np.ascontiguousarray(scores.T)
    best = columns[1:LABELS].max(axis=0)
    inside = best > columns[0] - np.int16(_MARGIN)
    inside &= batch.codes[PAD:-PAD] != _SEPARATOR
    at, lengths = _islands(inside)
    if len(at):
        _decode(scores, at, lengths, weights.transitions, labels[PAD:-PAD])
    return labels


def emissions(batch: Joined, weights: Weights) -> npt.NDArray[np.int16]:
    """Scores (positions PAD … n - PAD, 8) of every label, without transitions."""
    rows = indices(batch.codes)
    total = np.zeros((len(rows[0]), 8), dtype=np.int16)
    for table, row in zip(weights.tables, rows, strict=True):
        # 16-byte items are copied whole, which is several times quicker than rows of int16.
        total += table.view(np.complex128)[:, 0].take(row).view(np.int16).reshape(-1, 8)
    return total


def _islands(inside: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Begins and lengths of the runs of True, cut at _LONGEST, the longest first."""
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    begin, length = edges[::2], edges[1::2] - edges[::2]
    if len(length) and length.max() > _LONGEST:
        pieces = -(-length // _LONGEST)
        offset = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        whole = np.repeat(length, pieces)
        begin = np.repeat(begin, pieces) + offset * _LONGEST
        length = np.minimum(whole - offset * _LONGEST, _LONGEST)
    order = np.argsort(-length, kind="stable")
    return begin[order], length[order]


def _decode(
    scores: npt.NDArray[np.int16],
    at: Ints,
    lengths: Ints,
    transitions: npt.NDArray[np.int32],
    labels: npt.NDArray[np.int8],
) -> None:
    """Viterbi over all islands at once; writes `labels`.

    A score and the label it came from travel in one integer (score * 8 + label), so that one
    maximum finds both.
    """
    steps = int(lengths[0])
    active = np.searchsorted(-lengths, -np.arange(steps), side="left")
    packed = (transitions * 8 + np.arange(LABELS, dtype=np.int32)[:, None]).T[:, :, None]
    columns = np.ascontiguousarray(scores[:, :LABELS].T).astype(np.int32)
    value = columns[:, at] + transitions[0][:, None]
    came: list[npt.NDArray[np.int32]] = []
    last = value.copy()  # value at the last character of each island
    for step in range(1, steps):
        n = int(active[step])
        best = (value[None, :, :n] * 8 + packed).max(axis=1)
        came.append(best & 7)
        value = (best >> 3) + columns[:, at[:n] + step]
        last[:, :n] = value
    label = (last + transitions[:, 0][:, None]).argmax(axis=0)
    for step in range(steps - 1, -1, -1):
        n = int(active[step]) if step else len(at)
        labels[at[:n] + step] = label[:n]
        if step:
            label[:n] = came[step - 1][label[:n], np.arange(n)]
