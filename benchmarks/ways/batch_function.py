"""The one batch function that the peers share: values in, (documents, briefs) out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from infra import heap
from infra.bulk import Document
from infra.indices import write_name
from infra.settings import Settings
from models.analyser import Analyser
from models.duplicates import DuplicateIndex, Link
from schemas.base import encode
from schemas.opinion import ANALYSIS_VERSION, OpinionBatch
from schemas.raw_item import RawItem
from schemas.registry import OPINIONS
from streams.batch import Message
from streams.documents import brief, opinion
from streams.parse import parse


class BatchFunction:
    def __init__(self, config: Settings) -> None:
        self._config = config
        self._analyser = Analyser(config.config)
        days = config.duplicate_window_days
        self._index = DuplicateIndex(days * 86_400, config.fingerprints)
        heap.settle()

    def __call__(self, values: Sequence[bytes]) -> tuple[list[Document], bytes]:
        now = datetime.now(UTC)
        messages = [
            Message("items.raw", 0, n, now.timestamp(), None, v) for n, v in enumerate(values)
        ]
        items = [item for item in map(parse, messages) if isinstance(item, RawItem)]
        reading = self._analyser.read(items)
        rows = np.flatnonzero(reading.fingerprints.size)
        links: list[Link | None] = [None] * len(items)
        found = self._index.add(
            [items[n].origin_id for n in rows],
            np.full(len(rows), int(now.timestamp()), dtype=np.int64),
            reading.fingerprints[rows],
        )
        for n, link in zip(rows.tolist(), found, strict=True):
            links[n] = link
        opinions = [
            opinion(*row, "", now) for row in zip(items, reading.analyses, links, strict=True)
        ]
        briefs = [
            brief(*row) for row in zip(opinions, reading.keywords, reading.harms, strict=True)
        ]
        documents = [
            Document(
                write_name(self._config, OPINIONS, each.published_at), each.id, encode(each),
                ANALYSIS_VERSION,
            )
            for each in opinions
        ]  # fmt: skip
        return documents, encode(OpinionBatch(briefs=briefs))
