"""Cut Chinese into words: the index side and the query side alike, so that they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from models.compiled import compiled
from models.cutting import cut
from models.dictionary import dictionary
from models.textpass import TextPass, text_pass
from schemas.errors import UserError

_FREQUENCY = 1000  # of a word given without one


@dataclass(frozen=True)
class Words:
    """The words of a batch. begin, end: int32[words], places in the batch's characters;
    starts: int64[texts + 1], where each text's words begin."""

    batch: TextPass
    begin: np.ndarray
    end: np.ndarray
    starts: np.ndarray

    @cached_property
    def hashes(self) -> np.ndarray:
        """uint32[words]: a hash of each word."""
        return _hashes(self.batch.codes, self.begin, self.end)

    @cached_property
    def texts(self) -> list[str]:
        """The words of each text, joined by blanks."""
        if not len(self.batch):
            return []
        spelt = _spelt(self.batch.codes, self.begin, self.end, self.starts)
        return spelt.tobytes().decode("utf-32-le").split("\n")

    def first(self, most: int) -> Words:
        """The words that begin within the first `most` characters of each text."""
        limit = self.batch.starts[:-1] + most
        owner = np.repeat(np.arange(len(self.batch)), np.diff(self.starts))
        kept = self.begin < limit[owner]
        counts = np.concatenate(([0], np.cumsum(kept)))
        return Words(self.batch, self.begin[kept], self.end[kept], counts[self.starts])


class Cutter:
    """A cutter with the words of a user dictionary. UserError names the line that is wrong."""

    def __init__(self, userdict: Path | None = None) -> None:
        self._dictionary = dictionary(read_userdict(userdict) if userdict else ())

    def cut_batch(self, texts: Sequence[str]) -> list[str]:
        """The words of each text, normalised and joined by blanks; marks are left out."""
        return self.cut_pass(text_pass(texts)).texts

    def cut_pass(self, batch: TextPass) -> Words:
        """The words of a batch that is normalised already."""
        return Words(batch, *cut(batch, self._dictionary))


@compiled
def _hashes(codes: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    out = np.empty(len(begin), np.uint32)
    for word in range(len(begin)):
        total = np.uint32(0)
        for at in range(begin[word], end[word]):
            place = np.uint32(at - begin[word])
            mixed = np.uint32(
                np.uint32(codes[at] + np.uint32(place * np.uint32(0x9E3779B1)))
                * np.uint32(0x85EBCA6B)
            )
            mixed ^= mixed >> np.uint32(13)
            total = np.uint32(total + np.uint32(mixed * np.uint32(0xC2B2AE35)))
        out[word] = total
    return out


@compiled
def _spelt(codes: np.ndarray, begin: np.ndarray, end: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """uint32: the code points of all words, a blank between two, a line end between texts."""
    size = len(starts) - 2
    for word in range(len(begin)):
        size += end[word] - begin[word]
    for text in range(len(starts) - 1):
        size += max(starts[text + 1] - starts[text] - 1, 0)
    out = np.empty(size, np.uint32)
    at = 0
    for text in range(len(starts) - 1):
        if text:
            out[at] = 0x0A
            at += 1
        for word in range(starts[text], starts[text + 1]):
            if word > starts[text]:
                out[at] = 0x20
                at += 1
            for place in range(begin[word], end[word]):
                out[at] = codes[place]
                at += 1
    return out


@lru_cache(maxsize=4)
def cutter(userdict: Path | None = None) -> Cutter:
    """One cutter per dictionary: loading the words takes half a second."""
    return Cutter(userdict)


def read_userdict(path: Path) -> list[tuple[str, int, str]]:
    """(word, frequency, tag) of each line `WORD [FREQUENCY [TAG]]`; # begins a comment."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path}: {error}", "restore the file") from None
    found = []
    for number, line in enumerate(lines, 1):
        parts = line.partition("#")[0].split()
        if not parts:
            continue
        frequency = parts[1] if len(parts) > 1 else str(_FREQUENCY)
        if len(parts) > 3 or not frequency.isdecimal():
            raise UserError(f"{path}, line {number}: not WORD [FREQUENCY [TAG]]", "mend that line")
        found.append((parts[0], int(frequency), parts[2] if len(parts) > 2 else ""))
    return found
