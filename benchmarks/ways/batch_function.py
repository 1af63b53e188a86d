"""The one batch function that the peers share: values in, (documents, briefs) out."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from infra import heap
from infra.bulk import Document
from infra.settings import Settings
from models.duplicates import DuplicateIndex
from models.fingerprints import Fingerprints
from schemas.registry import OPINIONS
from streams.batch import Message
from streams.reading import Reader, joined, linked


class BatchFunction:
    def __init__(self, config: Settings) -> None:
        self._index_name = config.prefix + OPINIONS.alias
        self._reader = Reader.open(config.config, config.data / "models")
        window = config.duplicate_window_days * 86_400
        self._index = DuplicateIndex(window, config.fingerprints)
        heap.settle()

    def __call__(self, values: Sequence[bytes]) -> tuple[list[Document], bytes]:
        now = time.time()
        batch = self._reader.read(
            [Message("items.raw", 0, n, now, None, value) for n, value in enumerate(values)]
        )
        ids = [batch.ready[n].origin_id for n in batch.printed]
        times = np.full(len(ids), int(now), dtype=np.int64)
        links = self._index.add(ids, times, Fingerprints.from_bytes(batch.fingerprints))
        told = dict(zip(batch.printed, links, strict=True))
        documents, briefs = [], []
        for n, ready in enumerate(batch.ready):
            link = told.get(n)
            document, brief = linked(ready, link) if link else (ready.document, ready.brief)
            index = f"{self._index_name}-{ready.month}"
            documents.append(Document(index, ready.id, document, ready.version))
            briefs.append(brief)
        return documents, joined(briefs)
