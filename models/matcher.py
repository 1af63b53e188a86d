"""All places of many words in a normalised batch, words inside words too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.textpass import TextPass, text_pass
from models.wordtable import table_of


@dataclass(frozen=True)
class Matches:
    """text, word, at: int64[matches], which text, which word (its number), and where in the
    batch's characters; in order of place, then of length."""

    text: np.ndarray
    word: np.ndarray
    at: np.ndarray

    def __len__(self) -> int:
        return len(self.text)


class Matcher:
    def __init__(self, words: Sequence[str]) -> None:
        """`words` are normalised as texts are. ValueError for one of fewer than two
        characters, or given twice."""
        batch = text_pass(words)
        try:
            self._table = table_of(batch.codes, batch.starts)
        except ValueError as error:
            number, problem = error.args
            raise ValueError(f"the word {words[number]!r} {problem}") from None

    def find(self, batch: TextPass) -> Matches:
        """Every word wherever it stands, words inside words too."""
        text, at, word = self._table.find(batch.codes, batch.starts, overlapping=True)
        return Matches(text, word, at)
