"""The trained models and word rules over one batch: topics, departments, attitude, act, rumour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.acts import ActModel, load_acts
from models.attitude import AttitudeModel, to_schema
from models.features import Features
from models.rumour import RumourModel, SignModel, load_signs
from models.store import Store
from models.taxonomy import load_taxonomy
from models.textpass import TextPass
from models.topics import TopicModel
from schemas.analysis import Act, Attitude, Department, Rumour, Topic
from schemas.errors import UserError


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
        headlines, attitude, rumour = map(store.active, ("topic", "attitude", "rumour"))
        try:
            self._topics = TopicModel(*load_taxonomy(config), headlines.labels)
            self._attitude = AttitudeModel(attitude)
            self._acts = ActModel(load_acts(config))
            self._rumour = RumourModel(rumour, SignModel(load_signs(config)))
        except ValueError as error:
            raise UserError(f"{config}: {error}", "mend the configuration or the model") from None
        self._headlines = headlines
        self.versions = {model.task: model.version for model in (headlines, attitude, rumour)}

    def read(self, batch: TextPass, words: Sequence[str]) -> Judgement:
        """`words`: each text cut (models.words). Deterministic."""
        features = Features(batch, words)
        understood = self._topics.predict(batch, self._headlines.probabilities(features))
        attitude = self._attitude.chances(features)
        return Judgement(
            topics=understood.topics,
            departments=understood.departments,
            relevance=understood.relevance,
            attitudes=to_schema(attitude),
            acts=self._acts.predict(batch, attitude),
            rumours=self._rumour.predict(features),
        )
