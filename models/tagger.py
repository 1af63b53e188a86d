"""A linear-chain tagger over characters: where times, places and subjects are named.

Weights are int16 tables of hashed features (see `tagger_features`), shipped as
data/facts.npz and trained by `models.training.facts`. A whole batch is scored in a few array
passes; the best path is then searched in the *islands*: stretches that can hold a span at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.joined import PAD, Joined, among
from models.marks import Marks, marks
from models.reach import joined_reach
from models.tagger_features import BITS, TEMPLATES, indices

KINDS = ("time", "place", "subject")
LABELS = 1 + len(KINDS)  # 0 outside, 1+k inside a span of kind k
SCALE = 256.0  # weight 1.0 in the int16 tables
_CLIP = np.int16(6_000)  # a score beyond this is as good as certain; keeps sums in 16 bits
_LOW = np.int16(3)
_NEVER = -20_000  # no span goes over the end of a sentence
_LONGEST = 120  # characters of an island
_CHUNK = 60_000  # characters scored together: their arrays stay in the processor's cache
_BLOCK = 1024  # islands decoded together: likewise

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
    size = len(batch.codes) - 2 * PAD
    columns = np.empty((LABELS, size), dtype=np.int16)
    open_ = np.empty(size, dtype=np.bool_)
    for first in range(0, size, _CHUNK):
        part = slice(first, min(first + _CHUNK, size))
        wide = slice(first, part.stop + 2 * PAD)
        codes = batch.codes[wide]
        columns[:, part] = emissions(codes, known.flags[wide], weights).T
        open_[part] = _open(columns[:, part], codes[PAD:-PAD], weights.transitions)
    np.clip(columns, -_CLIP, _CLIP, out=columns)
    columns &= ~_LOW
    labels = np.zeros(len(batch.codes), dtype=np.int8)
    at, lengths = _islands(open_)
    for first in range(0, len(at), _BLOCK):
        block = slice(first, first + _BLOCK)
        _decode(columns, at[block], lengths[block], weights.transitions, labels[PAD:-PAD])
    return labels


def _open(
    columns: npt.NDArray[np.int16], codes: Codes, moves: npt.NDArray[np.int32]
) -> npt.NDArray[np.bool_]:
    """Which characters can be within a span: where one can pay for entering and leaving it."""
    stays = max(int(moves[k, k] - moves[0, 0]) for k in range(1, LABELS))
    enters = max(int(moves[0, k] + moves[k, 0]) for k in range(1, LABELS)) - 2 * int(moves[0, 0])
    lead = columns[1:].max(axis=0).astype(np.int32) - columns[0] + stays
    lead[_ENDS.take(codes)] = _NEVER
    return _best_span(lead) > -enters


def _best_span(lead: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """For each character the most that any span around it can win over being outside.

    A bound: it lets every character have its best label. What cannot win the price of entering
    and leaving a span need not be searched.
    """
    total = np.zeros(len(lead) + 1, dtype=np.int32)
    np.cumsum(lead, out=total[1:])
    lowest = np.minimum.accumulate(total[:-1])
    highest = np.maximum.accumulate(total[:0:-1])[::-1]
    return highest - lowest


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

    The two low bits of a score carry the label it came from, so that one maximum finds both.
    Scores are kept relative to "outside" and so fit 16 bits; those of `columns` have their two
    low bits clear and are clipped (see `_CLIP`).
    """
    steps = int(lengths[0])
    active = np.searchsorted(-lengths, -np.arange(steps), side="left").tolist()
    moves = (transitions & ~3).astype(np.int16)
    tagged = (moves + np.arange(LABELS, dtype=np.int16)[:, None]).T[:, :, None]
    value = columns.take(at, axis=1) + moves[0][:, None]
    last = value.copy()  # value at the last character of each island
    came = []
    for step in range(1, steps):
        n = active[step]
        value = value[:, :n] - value[0, :n]
        best = (value[None] + tagged).max(axis=1)
        source = best & _LOW
        came.append(source.astype(np.int8))
        value = best - source
        value += columns.take(at[:n] + step, axis=1)
        last[:, :n] = value
    label = (last + moves[:, 0][:, None]).argmax(axis=0)
    everyone = np.arange(len(at))
    for step in range(steps - 1, 0, -1):
        n = active[step]
        labels[at[:n] + step] = label[:n]
        label[:n] = came[step - 1][label[:n], everyone[:n]]
    labels[at] = label
