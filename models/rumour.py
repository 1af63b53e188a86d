"""Signs of a rumour: what the words look like, and who is named as the source.

The score says how much a post reads and spreads like posts that were found false; it
is a reason to check, and no finding.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from models.features import Features
from models.linear import LinearModel
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


class RumourModel:
    def __init__(self, model: LinearModel, signs: SignModel) -> None:
        """ValueError for a model that does not know the label `rumour`."""
        self._column = model.labels.index(LABEL)
        self._model, self._signs = model, signs

    def predict(self, features: Features) -> list[Rumour]:
        """A score for each text long enough to be judged; signs for any."""
        scores = self._model.probabilities(features)[:, self._column]
        told = features.letters >= _LETTERS
        return [
            Rumour(score=round(score, 3) if judged else None, signs=signs)
            for score, judged, signs in zip(
                scores.tolist(), told.tolist(), self._signs.predict(features.batch), strict=True
            )
        ]
