"""The trained models and word rules over one batch: topics, departments, attitude, act, rumour."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.acts import ActModel, load_acts
from models.attitude import check, combine
from models.attitude import to_schema as attitudes
from models.features import Features
from models.rumour import LABEL as RUMOUR
from models.rumour import SignModel, load_signs
from models.rumour import to_schema as rumours
from models.stack import Stack
from models.store import Store
from models.taxonomy import load_taxonomy
from models.textpass import TextPass
from models.topics import TopicModel
from models.words import Words
from schemas.analysis import Act, Attitude, Department, Rumour, Topic
from schemas.errors import UserError

HEAD = 40  # characters


@dataclass(frozen=True)
class Judgement:
    """One entry per text, in order."""

    topics: list[list[Topic]]
    departments: list[list[Department]]
    relevance: np.ndarray  # float64[texts], 0 to 1: how surely the body is concerned
    attitudes: list[Attitude]
    acts: list[Act]
    rumours: list[Rumour]


class Judge:
    """Loads configuration and weights once; UserError when one is broken."""

    def __init__(self, config: Path, store: Store | None = None) -> None:
        """`store`: of promoted models; without it the shipped ones are used."""
        store = store or Store(Path("/nonexistent"))
        names = ("topic", "attitude", "opinion", "rumour")
        headlines, attitude, opinion, rumour = loaded = [store.active(name) for name in names]
        try:
            self._topics = TopicModel(*load_taxonomy(config), headlines.labels)
            check(attitude, opinion)
            self._rumour_column = rumour.labels.index(RUMOUR)
            self._acts = ActModel(load_acts(config))
            self._signs = SignModel(load_signs(config))
        except ValueError as error:
            raise UserError(f"{config}: {error}", "mend the configuration or the model") from None
        self._headlines = Stack((headlines,))
        self._stack = Stack((attitude, opinion, rumour))
        self.versions = {model.task: model.version for model in loaded}

    def read(self, batch: TextPass, words: Words) -> Judgement:
        """`words`: those of the batch. Deterministic."""
        features = Features(batch, words)
        # The headline model is asked of what stands where a headline does.
        head = Features(batch.head(HEAD), words.first(HEAD))
        side, opinion, rumour = self._stack.probabilities(features)
        attitude = combine(side, opinion, features.letters)
        understood = self._topics.predict(batch, self._headlines.probabilities(head)[0])
        return Judgement(
            topics=understood.topics,
            departments=understood.departments,
            relevance=understood.relevance,
            attitudes=attitudes(attitude),
            acts=self._acts.predict(batch, attitude),
            rumours=rumours(
                rumour[:, self._rumour_column], features.letters, self._signs.predict(batch)
            ),
        )
