"""Signs of a rumour: what the words look like, and who is named as the source.

The score says how much a post reads and spreads like posts that were found false; it
is a reason to check, and no finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from models.matcher import Matcher
from models.taxonomy import Word
from models.textpass import TextPass
from schemas.analysis import Rumour
from schemas.yaml_file import load_yaml

LABEL = "rumour"
_LETTERS = 10  # fewer say too little to judge


class SignWords(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    signs: Annotated[dict[str, list[Word]], Field(min_length=1)]


def load_signs(folder: Path) -> SignWords:
    """rumour.yaml of `folder`; UserError names file and line."""
    return load_yaml(folder / "rumour.yaml", SignWords)


class SignModel:
    def __init__(self, table: SignWords) -> None:
        self._names = list(table.signs)
        owner = {word: at for at, words in enumerate(table.signs.values()) for word in words}
        self._matcher = Matcher(list(owner))
        self._owner = np.array(list(owner.values()))

    def predict(self, batch: TextPass) -> list[list[str]]:
        """Names of the signs of each text, in the order of the file."""
        matches = self._matcher.find(batch)
        width = len(self._names)
        found = np.unique(matches.text * width + self._owner[matches.word])
        signs: list[list[str]] = [[] for _ in range(len(batch))]
        for each in found.tolist():
            signs[each // width].append(self._names[each % width])
        return signs


def to_schema(chances: np.ndarray, letters: np.ndarray, signs: Sequence[list[str]]) -> list[Rumour]:
    """A score for each text long enough to be judged; signs for any. float[texts] chances."""
    told = letters >= _LETTERS
    return [
        Rumour(score=round(chance, 3) if judged else None, signs=named)
        for chance, judged, named in zip(chances.tolist(), told.tolist(), signs, strict=True)
    ]
