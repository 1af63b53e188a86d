"""Words with their frequencies as arrays: 350,000 strings would leave the process 100 MB larger."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jieba import get_dict_file

_BLANK, _LINE_END, _ZERO = 0x20, 0x0A, 0x30


class WordList(NamedTuple):
    """codes: uint32, the code points of all words, joined; lengths, frequency: int64[words]."""

    codes: np.ndarray
    lengths: np.ndarray
    frequency: np.ndarray


def shipped() -> WordList:
    """jieba's words: lines of WORD FREQUENCY TAG."""
    text = Path(get_dict_file().name).read_text("utf-8").rstrip("\n") + "\n"
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    ends = np.flatnonzero(codes == _LINE_END)
    blanks = np.flatnonzero(codes == _BLANK).reshape(len(ends), 2)
    begins = np.concatenate(([0], ends[:-1] + 1))
    lengths = blanks[:, 0] - begins
    words = codes[_runs(begins, lengths)]
    digits = blanks[:, 1] - blanks[:, 0] - 1
    at = _runs(blanks[:, 0] + 1, digits)
    place = np.repeat(blanks[:, 1], digits) - at - 1  # from the right
    values = (codes[at].astype(np.int64) - _ZERO) * 10**place
    first = np.concatenate(([0], np.cumsum(digits)[:-1]))
    return WordList(words, lengths, np.add.reduceat(values, first))


def with_own(words: WordList, own: Iterable[tuple[str, int, str]]) -> WordList:
    """The words, then `own` (word, frequency, tag)."""
    more = list(own)
    codes = np.frombuffer("".join(w for w, _, _ in more).encode("utf-32-le"), dtype="<u4")
    lengths = np.array([len(word) for word, _, _ in more], dtype=np.int64)
    frequency = np.array([each for _, each, _ in more], dtype=np.int64)
    return WordList(*map(np.concatenate, zip(words, (codes, lengths, frequency), strict=True)))


def _runs(begins: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The places from each of `begins`, so many as `lengths` says, one after the other."""
    before = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) + np.repeat(begins - before, lengths)
