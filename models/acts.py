"""What a speaker does with a text: complains, asks, suggests, praises, or reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from models.matcher import Matcher
from models.taxonomy import Word
from models.textpass import TextPass
from schemas.analysis import Act
from schemas.yaml_file import load_yaml

_ACTS: tuple[Act, ...] = get_args(Act)
_NEWS = 0.7  # a text as neutral as this reports what others do
_QUESTION_MARK = ord("?")


class ActWords(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    complaint: Annotated[list[Word], Field(min_length=1)]
    question: Annotated[list[Word], Field(min_length=1)]
    suggestion: Annotated[list[Word], Field(min_length=1)]
    praise: Annotated[list[Word], Field(min_length=1)]


def load_acts(folder: Path) -> ActWords:
    """acts.yaml of `folder`; UserError names file and line."""
    return load_yaml(folder / "acts.yaml", ActWords)


class ActModel:
    def __init__(self, table: ActWords) -> None:
        owners: dict[str, list[int]] = {}
        for at, act in enumerate(_ACTS):
            for word in getattr(table, act, ()):
                owners.setdefault(word, []).append(at)
        self._matcher = Matcher(list(owners))
        self._votes = np.zeros((len(owners), len(_ACTS)))
        for row, acts in enumerate(owners.values()):
            self._votes[row, acts] = 1

    def predict(self, batch: TextPass, attitude: np.ndarray) -> list[Act]:
        """`attitude`: float[texts, 3], chances of negative, neutral, positive.

        Words vote; a complaint also needs a text that is not glad, praise one that is not
        angry; no vote, or a text that reads like news, is a report.
        """
        matches = self._matcher.find(batch)
        votes = np.zeros((len(batch), len(_ACTS)))
        np.add.at(votes, matches.text, self._votes[matches.word])
        negative, neutral, positive = attitude.T
        columns = {act: votes[:, at] for at, act in enumerate(_ACTS)}
        columns["question"] += _ends_with(batch, _QUESTION_MARK)
        columns["complaint"] *= 1 + negative - positive
        columns["praise"] *= 1 + positive - negative
        columns["report"] += 0.5 + 2 * np.maximum(neutral - _NEWS, 0)
        return [_ACTS[at] for at in votes.argmax(axis=1).tolist()]


def _ends_with(batch: TextPass, code: int) -> np.ndarray:
    """bool[texts]: the last character is `code`."""
    full = batch.lengths > 0
    ends = np.zeros(len(batch), dtype=bool)
    ends[full] = batch.codes[batch.starts[1:][full] - 1] == code
    return ends
