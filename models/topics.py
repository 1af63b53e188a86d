"""What a text is about and who answers for it: words of the taxonomy, and headline classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

from models.departments import Responsible
from models.matcher import Matcher
from models.taxonomy import OTHER, Departments, Taxonomy
from models.textpass import TextPass
from schemas.analysis import Department, Topic

SURE = 0.5  # a topic is told from here on
_DOUBT = 0.4  # of a topic for which one strong word speaks
_WEAK = 0.5  # of a strong word
_LONG = 300  # characters; longer texts hold more words by chance
_MOST_EVIDENCE = 5


@dataclass(frozen=True)
class Understood:
    topics: list[list[Topic]]
    departments: list[list[Department]]
    relevance: np.ndarray  # float64[texts]: how surely the matter is one of the taxonomy


class TopicModel:
    """ValueError when a department names a topic that the taxonomy has not."""

    def __init__(
        self, taxonomy: Taxonomy, departments: Departments, classes: Sequence[str] = ()
    ) -> None:
        """`classes`: of the headline model whose probabilities `predict` is given."""
        self._ids = [topic.id for topic in taxonomy.topics]
        topic_words = {word for topic in taxonomy.topics for word in topic.strong + topic.words}
        self._responsible = Responsible(departments, self._ids)
        self._words = sorted(topic_words | self._responsible.words)
        self._matcher = Matcher(self._words)
        number = {word: at for at, word in enumerate(self._words)}
        self._points = np.zeros((len(self._words), len(self._ids)))
        self._news = np.zeros((len(classes), len(self._ids)))
        for at, topic in enumerate(taxonomy.topics):
            self._points[[number[word] for word in topic.words], at] = _WEAK
            self._points[[number[word] for word in topic.strong], at] = 1.0
            for name, share in topic.news.items():
                if name in classes:
                    self._news[classes.index(name), at] = share
        self._strong = [np.flatnonzero(row == 1.0).tolist() for row in self._points]
        self._weak = [np.flatnonzero(row == _WEAK).tolist() for row in self._points]

    def predict(self, batch: TextPass, news: np.ndarray | None = None) -> Understood:
        """`news`: float[texts, classes], probabilities of the headline model."""
        matches = self._matcher.find(batch)
        shape = (len(batch), len(self._words))
        found = np.unique(matches.text * shape[1] + matches.word)
        text, word = np.divmod(found, max(shape[1], 1))
        hits = csr_matrix((np.ones(len(text)), (text, word)), shape=shape)
        chance = np.maximum(1.0, np.sqrt(batch.lengths / _LONG))[:, None]
        doubt = _DOUBT ** ((hits @ self._points) / chance)
        if news is not None and len(self._news):
            doubt *= 1 - news @ self._news
        sure = 1 - doubt
        bounds = np.searchsorted(text, np.arange(len(batch) + 1)).tolist()
        ranked = np.argsort(-sure, axis=1, kind="stable").tolist()
        topics, departments = [], []
        for row, order, (begin, end) in zip(sure.tolist(), ranked, pairwise(bounds), strict=True):
            spoken = word[begin:end]
            told = self._told(row, order, spoken.tolist())
            topics.append(told)
            labels = [topic.label for topic in told]
            words = [self._words[at] for at in spoken.tolist()]
            departments.append(self._responsible.of(labels, words))
        return Understood(topics, departments, sure.max(axis=1, initial=0))

    def _told(self, row: list[float], order: list[int], spoken: list[int]) -> list[Topic]:
        """`order`: the topics, the surest first."""
        told = []
        evidence = self._evidence(spoken) if row[order[0]] >= SURE else {}
        for at in order:
            if row[at] < SURE:
                break
            confidence = round(row[at], 3)
            told.append(
                Topic(label=self._ids[at], confidence=confidence, evidence=evidence.get(at, []))
            )
        return told or [Topic(label=OTHER, confidence=round(1 - row[order[0]], 3))]

    def _evidence(self, spoken: list[int]) -> dict[int, list[str]]:
        """The words for each topic, strong ones first."""
        found: dict[int, list[str]] = {}
        for owners in (self._strong, self._weak):
            for word in spoken:
                for topic in owners[word]:
                    words = found.setdefault(topic, [])
                    if len(words) < _MOST_EVIDENCE:
                        words.append(self._words[word])
        return found
