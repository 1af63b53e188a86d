"""A linear-chain tagger over characters: where times, places and subjects are named.

Weights are int16 tables of hashed features (see `tagger_features`), shipped as
data/facts.npz and trained by `models.training.facts`. A whole batch is scored in a few array
passes; the best path is then searched in the *islands*: stretches where "outside" does not
win by a wide margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.gazetteer import Named
from models.joined import PAD, Joined, among, join
from models.marks import Marks, marks
from models.tagger_features import BITS, TEMPLATES, indices

KINDS = ("time", "place", "subject")
LABELS = 1 + len(KINDS)  # 0 outside, 1+k inside a span of kind k
SCALE = 256.0  # weight 1.0 in the int16 tables
READ = 1_000  # characters of a text that are read: facts of a report stand at its head
_MARGIN = np.int16(4 * SCALE)
_LONGEST = 120  # characters of an island
_CHUNK = 60_000  # characters scored together: likewise
_BLOCK = 1024  # islands decoded together: their arrays stay in the processor's cache

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
    names: list[Named]  # division names of the batch, within spans or not


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
    """Times, places and subjects in the first READ characters of each text."""
    batch = join(texts, READ)
    known = marks(batch)
    labels = tag(batch, known, weights or shipped())
    changes = np.flatnonzero(np.diff(labels))
    kind = labels[changes + 1].astype(np.int64)
    named = np.flatnonzero(kind)  # the last change is always to outside
    start, end = changes[named] + 1, changes[named + 1] + 1
    start += _MARKS.take(batch.codes[start])
    end -= _MARKS.take(batch.codes[end - 1])
    kept = end > start
    return Spans(batch, start[kept], end[kept], kind[named][kept] - 1, known.names)


def tag(batch: Joined, known: Marks, weights: Weights) -> npt.NDArray[np.int8]:
    """The label of every character of the batch; separators are outside."""
    labels = np.zeros(len(batch.codes), dtype=np.int8)
    for first in range(PAD, len(labels) - PAD, _CHUNK):
        last = min(first + _CHUNK, len(labels) - PAD)
        part = slice(first - PAD, last + PAD)
        _tag(batch.codes[part], known.flags[part], weights, labels[first:last])
    return labels


def _tag(
    codes: npt.NDArray[np.uint16],
    flags: npt.NDArray[np.uint8],
    weights: Weights,
    labels: npt.NDArray[np.int8],
) -> None:
    columns = np.ascontiguousarray(emissions(codes, flags, weights).T)
    lead = columns[1:].max(axis=0) - columns[0]
    inside = lead > -_MARGIN
    inside &= ~_ENDS.take(codes[PAD:-PAD])
    at, lengths = _islands(inside)
    if not len(at):
        return
    moves = weights.transitions
    stays = int(max((moves[k, k] - moves[0, 0]) for k in range(1, LABELS)))
    enters = int(max(moves[0, k] + moves[k, 0] for k in range(1, LABELS)) - 2 * moves[0, 0])
    # What a span within the island could win at most; most islands cannot pay its entry.
    gain = np.maximum(lead + np.int16(stays), 0).cumsum(dtype=np.int64)
    won = gain[at + lengths - 1] - gain[at] + np.maximum(lead[at] + stays, 0)
    worth = won > -enters
    at, lengths = at[worth], lengths[worth]
    for first in range(0, len(at), _BLOCK):
        block = slice(first, first + _BLOCK)
        _decode(columns, at[block], lengths[block], moves, labels)


def emissions(
    codes: npt.NDArray[np.uint16], flags: npt.NDArray[np.uint8], weights: Weights
) -> npt.NDArray[np.int16]:
    """Scores (positions PAD … n - PAD, LABELS) of every label, without transitions."""
    total: npt.NDArray[np.int16] | None = None
    for table, row in zip(weights.tables, indices(codes, flags), strict=True):
        # Items of 8 bytes are copied whole, several times quicker than rows of int16.
        part = table.reshape(-1).view(np.int64).take(row).view(np.int16)
        total = part if total is None else np.add(total, part, out=total)
    assert total is not None
    return total.reshape(-1, LABELS)


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
    columns: npt.NDArray[np.int16],
    at: Ints,
    lengths: Ints,
    transitions: npt.NDArray[np.int32],
    labels: npt.NDArray[np.int8],
) -> None:
    """Viterbi over the islands of a block at once; writes `labels`.

    A score and the label it came from travel in one integer (score * 4 + label), so that one
    maximum finds both.
    """
    steps = int(lengths[0])
    active = np.searchsorted(-lengths, -np.arange(steps), side="left")
    packed = (transitions * 4 + np.arange(LABELS, dtype=np.int32)[:, None]).T[:, :, None]
    value = columns.take(at, axis=1) + transitions[0][:, None]
    last = value.copy()  # value at the last character of each island
    came = []
    for step in range(1, steps):
        n = int(active[step])
        best = (value[None, :, :n] * 4 + packed).max(axis=1)
        came.append((best & 3).astype(np.int8))
        value = (best >> 2) + columns.take(at[:n] + step, axis=1)
        last[:, :n] = value
    label = (last + transitions[:, 0][:, None]).argmax(axis=0)
    everyone = np.arange(len(at))
    for step in range(steps - 1, 0, -1):
        n = int(active[step])
        labels[at[:n] + step] = label[:n]
        label[:n] = came[step - 1][label[:n], everyone[:n]]
    labels[at] = label
