"""Agent `analyse`: items.raw → documents, duplicate links, dead letters, opinions.

A batch is read by a process of the pool, linked on the fingerprint log, and settled:
documents written, briefs and dead letters sent, all of it confirmed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog

from infra import bulk, metrics
from infra.bulk import Document, Refused
from infra.indices import write_name
from models.duplicates import Link
from models.fingerprints import Fingerprints
from schemas import topics
from schemas.base import encode
from schemas.registry import DEAD_LETTERS, OPINIONS
from streams import dead_letters
from streams.batch import Message
from streams.context import Context, Sent
from streams.dead_letters import Letter
from streams.fingerprints import FingerprintLog
from streams.limit import DeadLetterLimit
from streams.parse import Bad
from streams.reading import Batch, joined, linked
from streams.watches import StoredWatches

log = structlog.get_logger("tingchao.analyse")


class Readers(Protocol):
    async def start(self) -> None: ...

    async def read(self, messages: Sequence[Message]) -> Batch: ...

    async def stop(self) -> None: ...


class Analyse:
    name = "analyse"

    def __init__(self, context: Context, readers: Readers) -> None:
        self._context = context
        self._readers = readers
        settings = context.settings
        self._limit = DeadLetterLimit(settings.dead_letter_limit, settings.dead_letter_window)
        self._log = FingerprintLog.of(context)

    async def start(self) -> None:
        await self._readers.start()
        await self._log.start()
        self._watching = asyncio.create_task(StoredWatches(self._context).follow())

    async def stop(self) -> None:
        self._watching.cancel()
        await self._log.stop()
        await self._readers.stop()

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        return self._settle(batch)

    async def _settle(self, messages: Sequence[Message]) -> None:
        batch = await self._readers.read(messages)
        metrics.BATCH_SECONDS.labels(self.name, "models").observe(batch.seconds)
        links = await self._link(batch)
        now = datetime.now(UTC)
        documents, briefs = [], []
        for ready, link in zip(batch.ready, links, strict=True):
            document, brief = linked(ready, link) if link else (ready.document, ready.brief)
            index = f"{self._context.settings.prefix}{OPINIONS.alias}-{ready.month}"
            documents.append(Document(index, ready.id, document, ready.version))
            briefs.append(brief)
        refused = {
            each.document.id: each
            for each in await bulk.write(self._context.elasticsearch, documents)
        }
        letters = [(messages[place], bad) for place, bad in batch.bad]
        letters += [
            (messages[ready.place], _refusal(refused[ready.id]))
            for ready in batch.ready
            if ready.id in refused
        ]
        kept = [b for b, ready in zip(briefs, batch.ready, strict=True) if ready.id not in refused]
        self._limit.add(len(letters), len(messages))
        await self._send_briefs(kept)
        await self._bury(letters, now)
        for ready in batch.ready:
            if ready.id not in refused:
                say = log.debug if ready.level == "none" else log.info
                place = messages[ready.place].position
                say("item indexed", item=ready.id, level=ready.level, place=place)
        copies = sum(
            (link is not None or ready.copy) and ready.id not in refused
            for ready, link in zip(batch.ready, links, strict=True)
        )
        metrics.ITEMS.labels("duplicate").inc(copies)
        metrics.ITEMS.labels("document").inc(len(kept) - copies)
        metrics.ITEMS.labels("dead_letter").inc(len(letters))

    async def _link(self, batch: Batch) -> list[Link | None]:
        """For each of `batch.ready` what it is a copy of."""
        links: list[Link | None] = [None] * len(batch.ready)
        if batch.printed:
            ids = [batch.ready[n].origin_id for n in batch.printed]
            answer = await self._log.link(ids, Fingerprints.from_bytes(batch.fingerprints))
            for n, link in zip(batch.printed, await answer, strict=True):
                links[n] = link
        return links

    async def _send_briefs(self, briefs: Sequence[bytes]) -> None:
        if briefs:
            await self._context.send(topics.OPINIONS, [Sent(joined(briefs))])

    async def _bury(self, letters: Sequence[Letter], now: datetime) -> None:
        if not letters:
            return
        context = self._context
        sent = await dead_letters.send(context.producer, context.topic(topics.DEAD), letters)
        index = write_name(context.settings, DEAD_LETTERS, now)
        records = [
            dead_letters.record(message, bad, now, place)
            for (message, bad), place in zip(letters, sent, strict=True)
        ]
        documents = [Document(index, record.id, encode(record)) for record in records]
        for letter in records:
            log.info("dead letter", item=letter.item_id, place=letter.id, reason=letter.reason)
        for each in await bulk.write(context.elasticsearch, documents):
            # The topic has it; only the record for reading is missing.
            log.error("no record of a dead letter", id=each.document.id, reason=each.reason)


def _refusal(refused: Refused) -> Bad:
    return Bad(
        "refused_by_index", "index", refused.kind, refused.reason, item_id=refused.document.id
    )
