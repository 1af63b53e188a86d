"""Replay of items.raw through the current models into the same documents.

It reads outside any consumer group, so live traffic goes on beside it. A document keeps
the duplicate link that it has: copies are judged in the order in which items came, and a
replay does not see that order. What has no document yet (it was a dead letter, or its
index was lost) is linked by the fingerprint log. What people corrected stays as they said.
Dead letters stay as they are.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import numpy as np

from infra import bulk, records
from infra.bulk import Document
from infra.correction_store import CorrectionStore
from infra.patience import patiently
from models.corrected import laid_over
from models.duplicates import Link
from models.fingerprints import Fingerprints
from schemas import topics
from schemas.base import encode
from schemas.correction import Correction
from schemas.registry import OPINIONS
from streams.analyse import Readers
from streams.batch import Message, message
from streams.context import Context, Sent
from streams.fingerprints import FingerprintLog
from streams.reading import Batch, Ready, joined, linked, reanalysed

Report = Callable[[int, int], None]  # (messages done, of)


@dataclass
class Outcome:
    messages: int = 0
    written: int = 0  # or not, where a later sight of the thing is there
    unreadable: int = 0  # dead letters, as before
    failed: list[str] = field(default_factory=list)  # ids; the document of before stays


class Reanalysis:
    def __init__(
        self, context: Context, readers: Readers, begun: datetime, alerts: bool = False,
        rate: float | None = None,
    ) -> None:  # fmt: skip
        """`alerts`: tell the agent `events` too; `rate`: messages a second at most."""
        self._context, self._readers = context, readers
        self._begun, self._alerts, self._rate = begun, alerts, rate
        self._log = FingerprintLog.of(context)
        self._corrections = CorrectionStore(context.settings, context.elasticsearch)
        self.outcome = Outcome()

    async def run(self, since: datetime, until: datetime, report: Report) -> Outcome:
        """All that was sent to items.raw from `since` on and before `until`."""
        context, size = self._context, self._context.settings.batch_size
        of = await records.count(context.settings, context.endpoints, topics.RAW, since, until)
        await self._readers.start()
        await self._log.start()
        started, waiting = time.monotonic(), list[Message]()
        try:
            async for record in records.records(
                context.settings, context.endpoints, topics.RAW, since, until
            ):
                waiting.append(message(record, record.timestamp / 1000))
                if len(waiting) == size:
                    await self._settle(waiting)
                    report(self.outcome.messages, of)
                    waiting = []
                    await self._pace(started)
            await self._settle(waiting)
            report(of, of)
            return self.outcome
        finally:
            await self._log.stop()
            await self._readers.stop()

    async def _pace(self, started: float) -> None:
        if self._rate:
            due = started + self.outcome.messages / self._rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _settle(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        batch = await self._readers.read(messages)
        links = await self._links(batch)
        corrected = await patiently(lambda: self._corrections.of(r.id for r in batch.ready))
        documents, briefs = [], []
        for ready in batch.ready:
            link = links.get(ready.id)
            document, brief = linked(ready, link) if link else (ready.document, ready.brief)
            if ready.id in corrected:
                document = _as_corrected(document, corrected[ready.id])
            version = reanalysed(ready.version, self._begun)
            documents.append(Document(self._index(ready), ready.id, document, version))
            briefs.append(brief)
        refused = {
            each.document.id for each in await bulk.write(self._context.elasticsearch, documents)
        }
        kept = [b for b, d in zip(briefs, documents, strict=True) if d.id not in refused]
        if self._alerts and kept:
            await self._context.send(topics.OPINIONS, [Sent(joined(kept, replayed=True))])
        self._count(messages, batch, refused, len(kept))

    def _count(
        self, messages: Sequence[Message], batch: Batch, refused: set[str], written: int
    ) -> None:
        outcome = self.outcome
        failed = [bad.item_id or "" for _, bad in batch.bad if bad.stage != "parse"]
        outcome.messages += len(messages)
        outcome.written += written
        outcome.unreadable += len(batch.bad) - len(failed)
        outcome.failed += [*failed, *refused]

    def _index(self, ready: Ready) -> str:
        return f"{self._context.settings.prefix}{OPINIONS.alias}-{ready.month}"

    async def _links(self, batch: Batch) -> dict[str, Link]:
        """id -> what it is a copy of: by its document, or by the log where it has none."""
        stored = await self._stored(batch.ready)
        links = {key: link for key, link in stored.items() if link}
        unknown = [n for n in batch.printed if batch.ready[n].id not in stored]
        if unknown:
            rows = np.flatnonzero(np.isin(batch.printed, unknown))
            prints = Fingerprints.from_bytes(batch.fingerprints)[rows]
            times = np.full(len(unknown), int(self._begun.timestamp()), dtype=np.int64)
            ids = [batch.ready[n].origin_id for n in unknown]
            for n, link in zip(unknown, self._log.recall(ids, times, prints), strict=True):
                if link:
                    links[batch.ready[n].id] = link
        return links

    async def _stored(self, ready: Sequence[Ready]) -> dict[str, Link | None]:
        """Of those that have a document."""
        asked = [{"_index": self._index(each), "_id": each.id} for each in ready]
        if not asked:
            return {}
        client = self._context.elasticsearch
        answer = await patiently(lambda: client.mget(docs=asked, source_includes=["duplicate"]))
        return {doc["_id"]: _link(doc["_source"]) for doc in answer["docs"] if doc.get("found")}


def _link(source: dict[str, Any]) -> Link | None:
    found = source.get("duplicate")
    return Link(found["of"], found["similarity"], found["reason"]) if found else None


def _as_corrected(document: bytes, corrections: Sequence[Correction]) -> bytes:
    """With what people say over what today's models say; one taken back says nothing."""
    standing = [each for each in corrections if each.values]
    return encode(laid_over(msgspec.json.decode(document), standing)) if standing else document
